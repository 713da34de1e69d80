"""Every policy is in a table of tests."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from .conventions import PACKAGE, functions, modules

TESTS = Path(__file__).parent


def _is_policy(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is a policy: `can_...(actor, ...)`."""
    return function.name.startswith("can_") and bool(function.args.args) and function.args.args[0].arg == "actor"


def _policies() -> set[str]:
    """Every policy of the package, by module and name."""
    return {
        f"{'.'.join(path.relative_to(PACKAGE.parent).with_suffix('').parts)}.{function.name}"
        for path in modules()
        if "def can_" in path.read_text(encoding="utf-8")  # parsing all of them would take a second
        for function in functions(path)
        if _is_policy(function)
    }


def _tested() -> Iterator[str]:
    """The policy of each line of each table, by module and name."""
    for path in sorted(TESTS.glob("*/test_policies.py")):
        for line in importlib.import_module(f"{__package__}.{path.parent.name}.{path.stem}").TABLE:
            yield f"{line.values[0].__module__}.{line.values[0].__name__}"


def test_every_policy_has_a_table():
    assert _policies() - set(_tested()) == set(), "needs lines in tests/<slice>/test_policies.py"


def test_the_search_for_policies_finds_them():
    assert set(_tested()) <= _policies()
