"""Every operation keeps the one order: lock, then permission (docs/architecture/writes.md, "An operation has one order")."""

import ast

from .conventions import called, functions, modules, place

LOCKS = ("lock_row", "lock_account", "lock_owner", "_lock")
PERMISSIONS = ("require_moderator", "require_administrator", "require_tag_manager", "require_flagger", "require_can")


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef, *beginnings: str, name: str = "") -> list[int]:
    """The lines of the calls of functions with these beginnings of names, or of one `name`."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    found = [call for call in calls if called(call) == name or called(call).startswith(beginnings)]
    return [call.lineno for call in found]


def _locking_functions() -> list[tuple[str, list[int], list[int]]]:
    """The place of each function of operations that locks rows and asks permission, and the lines of both."""
    found = []
    for path in modules():
        if "operations" in path.parts or path.stem == "operations":
            for function in functions(path):
                permissions = _lines(function, *PERMISSIONS, *(f"_{name}" for name in PERMISSIONS), name="require")
                found.append((f"{place(path, function)} {function.name}", _lines(function, *LOCKS), permissions))
    return [(where, locks, permissions) for where, locks, permissions in found if locks and permissions]


def test_permission_is_asked_when_all_rows_are_locked():
    found = _locking_functions()
    assert len(found) > 25
    wrong = [where for where, locks, permissions in found if min(permissions) < max(locks)]
    assert wrong == [], "lock first: a row may change until it is locked, and a refusal under a lock costs nothing"
