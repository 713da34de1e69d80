"""Coverage of database statements: each function that executes one must run on each database.

The result of a statement can depend on the dialect. The functions that execute statements are found in the source; the
call stack of each statement shows which of them have run. A complete run fails when a function was not run on a server;
the remedy is to mark a test file that runs it `each_database`.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import Engine, event

from .conventions import PACKAGE, imported, modules, tree

METHODS = {"execute", "scalars", "scalar", "exec_driver_sql"}
METHODS_OF_DB = {"rows", "write"}
FUNCTIONS = {"lock_row", "upsert", "add_if_new", "add_all_if_new", "add_to", "increase", "increase_and_get"}
# tests/test_migrations.py runs each migration on each database; Alembic loads them outside their package. Modules that
# import sqlite3 use SQLite only.
OUTSIDE = ("migrations",)
# Functions that execute their statement on these servers only, after checking the dialect.
ONLY_ON = {
    "_disable_memory_map": (),
    "_analyze_tables": ("postgresql",),
    "drop_foreign_keys": ("postgresql",),
    "drop_indexes": ("postgresql",),
    "continue_sequences": ("postgresql",),
    "snapshot": ("mariadb",),
    "without_file_mapping": (),
    "_ignore_foreign_keys": ("mariadb",),
    "insert_lines": ("mariadb",),  # PostgreSQL copies them, which is no statement for SQLAlchemy
}
NAMES = {"postgresql": "postgresql", "mysql": "mariadb", "mariadb": "mariadb"}  # SQLAlchemy's and ours
COMPLETED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
INCOMPLETE = 8  # an exit status that pytest itself does not use


@cache
def sending_functions() -> set[str]:
    """The functions of Madang that execute statements, as `module:qualified name`."""
    paths = [path for path in modules(outside=OUTSIDE) if "sqlite3" not in imported(path)]
    return {f"{_dotted(path)}:{name}" for path in paths for name in _sending(tree(path))}


def _dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _sending(node: ast.AST, within: str = "", name: str = "") -> Iterator[str]:
    """The qualified names of the functions below `node` whose own code executes a statement."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        name, within = within + node.name, f"{within}{node.name}.<locals>."
    elif isinstance(node, ast.ClassDef):
        within = f"{within}{node.name}."
    elif isinstance(node, ast.Lambda):
        name = f"{within}<lambda>"
    elif isinstance(node, ast.Call) and name and _sends(node):
        yield name
    for child in ast.iter_child_nodes(node):
        yield from _sending(child, within, name)


def _sends(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in FUNCTIONS
    if not isinstance(call.func, ast.Attribute):
        return False
    is_of_db = isinstance(call.func.value, ast.Name) and call.func.value.id == "db"
    return call.func.attr in METHODS or (is_of_db and call.func.attr in METHODS_OF_DB)


class StatementCoverage:
    """pytest plugin: fails a complete run if a function that executes statements was not run on each database."""

    def __init__(self, databases: Iterable[str]) -> None:
        self.servers = [database for database in databases if database != "sqlite"]  # every test runs on SQLite
        self.seen: dict[str, set[str]] = {database: set() for database in self.servers}
        self.missing: list[str] = []
        if self.servers:
            event.listen(Engine, "before_cursor_execute", self._record)

    def _record(self, connection: Any, *_others: object) -> None:
        """Record the functions on the call stack when a statement is sent to a server."""
        seen = self.seen.get(NAMES.get(connection.dialect.name, ""))
        frame: FrameType | None = sys._getframe(1)
        while seen is not None and frame is not None:
            module = frame.f_globals.get("__name__", "")
            if module.startswith("madang."):
                seen.add(f"{module}:{frame.f_code.co_qualname}")
            frame = frame.f_back

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add the functions that a process of pytest-xdist has recorded."""
        for database, names in getattr(node, "workeroutput", {}).get("statements", {}).items():
            self.seen[database].update(names)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["statements"] = {database: sorted(names) for database, names in self.seen.items()}
        elif self.servers and exitstatus in COMPLETED and _is_complete(session.config):
            self.missing = self.missing_of(sending_functions())
            if self.missing:
                session.exitstatus = INCOMPLETE

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.missing:
            terminalreporter.section("statements that no test sends to each database")
            terminalreporter.write_line("\n".join(self.missing))

    def missing_of(self, functions: set[str]) -> list[str]:
        """An error message for each of `functions` that was not run on one of the servers."""
        return [
            f"{name} was not run on {server}: mark a test file that runs it each_database"
            for server in self.servers
            for name in sorted(functions - self.seen[server])
            if server in ONLY_ON.get(name.partition(":")[2], self.servers)
        ]


def _is_complete(config: pytest.Config) -> bool:
    """Whether all tests were selected."""
    is_narrowed = any(config.getoption(name, None) for name in ("keyword", "markexpr", "lf", "deselect", "collectonly"))
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not is_narrowed
