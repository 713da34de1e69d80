"""Our conventions, read from the source: how long, what may be imported, who may end a transaction."""

import ast
import importlib
from dataclasses import is_dataclass
from pathlib import Path

import pytest

from madang.subscriptions import SUBSCRIPTIONS

from .conventions import PACKAGE, ROOT, called, calls, functions, imported, modules, place, short, tracked, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MAY_BE_LONG = {
    "madang/migrations/versions/": "tables as they were made, one after the other",
}
FRAMEWORK = {"flask", "flask_login", "flask_wtf", "wtforms", "werkzeug"}
OF_THE_WEB = ("views", "fragments", "forms", "api", "schemas")
BELOW_THE_WEB = ("models", "events", "policies", "queries", "sentences", "operations", "jobs", "subscribers")
ROLES = (*BELOW_THE_WEB, *OF_THE_WEB, "commands")
KNOWS_THE_WEB = {
    "madang/posts/jobs/view_counts.py": "a thread that works in the application's context",
}
ASKS_THE_CLOCK = {
    "madang/accounts/operations/links.py": "how old a link is that comes back",
    "madang/accounts/queries/actors.py": "whether the session that asks has ended, at the edge of each request",
    "madang/importing/commands.py": "a command",
    "madang/posts/queries/panels.py": "what pages show beside lists, kept for a while",
}
READS_THE_ENVIRONMENT = {
    "madang/application.py": "the settings are read from it",
    "madang/admin/operations/checking.py": "the language of the terminal",
    "madang/cli.py": "the same, and what `madang check` looks at",
    "madang/core/metrics.py": "a variable of the Prometheus library, not a setting of ours",
    "madang/core/server/serve.py": "the same",
}
UNHEARD = {
    "MessageReported": "the moderators' list shows it",
}


def _slice_modules() -> list[Path]:
    """The modules of the slices, without the empty ones that make folders packages."""
    inside = modules(outside=("core", "config", "migrations", "translations"))
    return [path for path in inside if path.parent != PACKAGE and path.stem != "__init__"]


def _role(path: Path) -> str:
    """The role of a slice's module: `operations` for `posts/operations.py` and for `posts/operations/editing.py`."""
    return path.relative_to(PACKAGE).with_suffix("").parts[1]


def _operating() -> list[Path]:
    """The modules of the slices below their pages."""
    return [path for path in _slice_modules() if _role(path) not in OF_THE_WEB]


def test_every_module_of_a_slice_has_a_role():
    assert {short(path) for path in _slice_modules() if _role(path) not in ROLES} == set()


def test_no_file_is_longer_than_can_be_read():
    long = {
        short(path): count
        for path in tracked(".py", ".js", ".scss", ".html", ".po")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE and path.suffix != ".po"
    }
    assert not {name: count for name, count in long.items() if not name.startswith(tuple(MAY_BE_LONG))}


def test_no_function_is_longer_than_can_be_read():
    long = [
        f"{place(path, function)} {function.name}: {length}"
        for path in tracked(".py")
        for function in functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
        and not short(path).startswith(tuple(MAY_BE_LONG))
    ]
    assert not long


def test_transactions_end_at_the_edge_alone():
    ended = [
        place(path, call) for path in modules(outside=("core",)) for call in calls(path) if called(call) == "commit"
    ]
    assert [where for where in ended if not where.startswith("madang/migrations/env.py")] == []


def test_what_lies_below_the_pages_knows_no_web_framework():
    knowing = {short(path) for path in _operating() if imported(path) & FRAMEWORK}
    assert knowing - set(KNOWS_THE_WEB) == set()


def test_operations_are_given_the_moment():
    asking = {short(path) for path in _operating() for call in calls(path) if called(call) == "now"}
    asking -= {name for name in asking if _role(ROOT / name) in ("jobs", "subscribers", "commands")}
    assert asking - set(ASKS_THE_CLOCK) == set()


def test_imports_stand_at_the_head_of_a_file():
    within = [
        f"{place(path, function)} {function.name}"
        for path in modules()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and function.name != "create_app"
    ]
    assert not within


def test_the_environment_is_read_for_the_settings_alone():
    reading = {
        short(path)
        for path in modules(outside=("config",))
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"))
    }
    assert reading - set(READS_THE_ENVIRONMENT) == set()


def _events() -> dict[str, type]:
    found = {}
    for path in PACKAGE.glob("**/events.py"):
        if path.parent.name != "core":
            module = importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
            found |= {
                name: value
                for name, value in vars(module).items()
                if getattr(value, "__module__", "") == module.__name__ and is_dataclass(value)
            }
    return found


def test_every_event_is_told_by_somebody():
    told = {
        called(call.args[0])
        for path in modules()
        for call in calls(path)
        if called(call) == "emit" and call.args and isinstance(call.args[0], ast.Call)
    }
    assert set(_events()) - told == set()


def test_every_event_is_heard_or_known_to_be_unheard():
    heard = {event.__name__ for event in SUBSCRIPTIONS}
    events = set(_events())
    assert heard <= events
    assert events - heard - set(UNHEARD) == set()
    assert set(UNHEARD) & heard == set(), "heard by now: take it off the list"


@pytest.mark.parametrize("speaker", ["InvalidInput", "Forbidden", "Conflict", "RateLimited", "require", "flash"])
def test_sentences_for_people_are_translated(speaker):
    plain = [
        place(path, call)
        for path in modules()
        for call in calls(path)
        if called(call) == speaker
        and any(isinstance(argument, ast.Constant | ast.JoinedStr) and _is_text(argument) for argument in call.args[:2])
    ]
    if speaker == "flash":  # its second argument is a category
        plain = [where for where in plain if '"info"' not in _line(where) and '"success"' not in _line(where)]
    assert not plain


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _line(where: str) -> str:
    name, _colon, number = where.rpartition(":")
    return (ROOT / name).read_text(encoding="utf-8").splitlines()[int(number) - 1]
