"""Every operation locks rows before it asks permission (docs/architecture/writes.md: "An operation has one order")."""

import ast

from .conventions import called, functions, modules, place

LOCKS = ("lock_", "_lock")  # the beginning of the name of everything that locks rows, `lock_row` or a helper
READING = {"get", "get_one", "scalar", "scalars", "select", "where", "one", "one_or_none", "order_by", "all", "sorted"}
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


def _helpers_with_other_names() -> list[str]:
    """The functions of operations that do little more than lock rows for others, but are not named like that."""
    found = []
    for path in modules():
        if "operations" in path.parts or path.stem == "operations":
            for function in functions(path):
                others = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
                others = [called(call) for call in others if not called(call).startswith(LOCKS)]
                returns = any(isinstance(node, ast.Return) and node.value for node in ast.walk(function))
                locks = _lines(function, *LOCKS)
                if locks and returns and not set(others) - READING and not function.name.startswith(LOCKS):
                    found.append(f"{place(path, function)} {function.name}")
    return found


def test_permission_is_asked_when_all_rows_are_locked():
    found = _locking_functions()
    assert len(found) > 25
    wrong = [where for where, locks, permissions in found if min(permissions) < max(locks)]
    assert wrong == [], "lock first: a row may change until it is locked, and a refusal under a lock costs nothing"


def test_a_helper_that_locks_rows_says_so_by_its_name():
    assert _helpers_with_other_names() == [], "begin its name with lock_ or _lock: the rule above knows locks by it"
