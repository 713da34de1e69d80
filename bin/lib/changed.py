"""Select the tests that a change affects: those of the changed folders, and those that import a changed module.

A changed module selects the test folders that mirror it and the modules that import it directly, and each test file
that imports it, directly or through another module of the tests. A change of what all tests depend on (the tests'
conftest.py, the lock files, the settings of pytest) selects all tests. `bin/check` runs all tests in any case.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
BRANCH = "main"
FOR_ALL = ("tests/conftest.py", "pyproject.toml", "requirements/")
SLOW_FOLDERS = ("browser", "faults", "contract")
# Rules about the whole source, which any change can break; together they take a few seconds.
ALWAYS = "tests/test_conventions_*.py"


def changed_tests() -> list[str]:
    """The test files and folders for the changes since the branch `main`, including uncommitted ones."""
    return select_tests(changed_files(), grimp.build_graph("madang", "tests"))


def changed_files() -> list[str]:
    """The files that differ from the merge base with `main` (on `main`: from its last commit), and untracked files."""
    base = _git("merge-base", "HEAD", BRANCH) or ["HEAD"]
    return [*_git("diff", "--name-only", base[0]), *_git("ls-files", "--others", "--exclude-standard")]


def select_tests(files: Iterable[str], graph: grimp.ImportGraph) -> list[str]:
    """The test files and folders for the changed `files`; the folder of all tests if one of the files affects all."""
    files = list(files)
    if any(file.startswith(FOR_ALL) or _dotted(file) in _modules_of_all_tests(graph) for file in files):
        return ["tests"]
    chosen = {str(path.relative_to(ROOT)) for path in ROOT.glob(ALWAYS)}
    for file in files:
        chosen |= _tests_of_module(_dotted(file), graph) if file.endswith(".py") else _mirror(Path(file))
    existing = {path for path in chosen if (ROOT / path).exists() and path.split("/")[1] not in SLOW_FOLDERS}
    return sorted(path for path in existing if path.rpartition("/")[0] not in existing)


def _modules_of_all_tests(graph: grimp.ImportGraph) -> set[str]:
    """The modules of tests/ that conftest.py imports, directly or indirectly."""
    return {each for each in graph.find_upstream_modules("tests.conftest") if each.startswith("tests.")}


def _tests_of_module(module: str, graph: grimp.ImportGraph) -> set[str]:
    if module not in graph.modules:
        return _mirror(Path(*module.split(".")))  # deleted, or not of madang/ or tests/
    importers = {module} | graph.find_modules_that_directly_import(module)
    package_modules = {each for each in importers if each.startswith("madang.")}
    tests = {each for each in importers if each.startswith("tests.")}
    for helper in [each for each in tests if not _is_test_file(each)]:
        tests |= graph.find_downstream_modules(helper)
    folders = set[str]().union(*(_mirror(Path(*each.split("."))) for each in package_modules))
    return folders | {f"{each.replace('.', '/')}.py" for each in tests if _is_test_file(each)}


def _is_test_file(module: str) -> bool:
    return module.rpartition(".")[2].startswith("test_")


def _mirror(path: Path) -> set[str]:
    """The tests for a file: the folder of its slice, and files with the slice's name in other test folders."""
    if path.suffix == ".po":
        return {"tests/test_translations.py", *_named(path.stem)}
    parts = [part for part in path.parts if part not in ("templates", "static")]
    if parts[0] == "tests":
        return {"/".join(parts[:-1])} - {"tests"}
    if parts[0] == "madang":
        return _named(parts[1]) if len(parts) > 2 else set()
    return _named(parts[0])


def _named(name: str) -> set[str]:
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob(f"test_{name}.py")}
    return {f"tests/{name}", *files}


def _dotted(file: str) -> str:
    return file.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")


def _git(*arguments: str) -> list[str]:
    """The lines that git prints; an empty list if it fails."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []
