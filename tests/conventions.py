"""Read the source of the repository as syntax trees, for tests of conventions."""

import ast
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "madang"


@lru_cache
def tracked(*endings: str) -> tuple[Path, ...]:
    """The files of the repository with these endings; without git, the files of the folders of code."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.splitlines() if listed.returncode == 0 else _files_on_disk()
    return tuple(ROOT / name for name in sorted(names) if name.endswith(endings) and (ROOT / name).is_file())


def _files_on_disk() -> list[str]:
    folders = ("madang", "tests", "frontend", "bench", "bin")
    return [str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*.*")]


def modules(*, outside: tuple[str, ...] = ()) -> Iterator[Path]:
    """The modules of the package, except those below the folders `outside`."""
    for path in tracked(".py"):
        if path.is_relative_to(PACKAGE) and not any(path.is_relative_to(PACKAGE / folder) for folder in outside):
            yield path


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@lru_cache(maxsize=1024)
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1024)
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(path)))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in nodes(path) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """The last name of the called expression: `commit` for `db.session.commit()`."""
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def imported(path: Path) -> set[str]:
    """The names of the top-level packages that a module imports."""
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names


def place(path: Path, node: ast.AST) -> str:
    return f"{short(path)}:{getattr(node, 'lineno', 0)}"
