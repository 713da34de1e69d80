"""Conventions of the source: lengths, imports, commits, the clock, events, translated messages."""

import ast
import importlib
import re
from dataclasses import is_dataclass
from pathlib import Path
from typing import get_type_hints

import pytest

from madang.notifications.subscribers import NotifyOf
from madang.slices import SLICES
from madang.subscriptions import SUBSCRIPTIONS

from .conventions import PACKAGE, ROOT, called, calls, functions, imported, modules, nodes, place, short, tracked

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
MAY_BE_LONG = {
    "madang/migrations/versions/": "one function creates many tables",
}
FRAMEWORKS = {"flask", "flask_login", "flask_wtf", "wtforms", "werkzeug"}
WEB_ROLES = ("views", "fragments", "forms", "api", "schemas")
BELOW_OPERATIONS = ("models", "events", "policies", "kinds", "queries", "counters", "sentences")
OTHER_ROLES = (*BELOW_OPERATIONS, "operations", "jobs", "subscribers")
ROLES = (*OTHER_ROLES, *WEB_ROLES, "commands", "ownership", "slice")
MAY_IMPORT_FLASK = {
    "madang/posts/jobs/view_counts.py": "a thread that runs in the application's context",
}
MAY_READ_THE_CLOCK = {
    "madang/accounts/operations/signed_links.py": "the age of a signed link",
    "madang/accounts/queries/actors.py": "whether the session of the request has ended",
    "madang/admin/operations/installation_checks.py": "the age of the latest backup, for a command",
    "madang/admin/operations/network_checks.py": "how long a certificate is still valid",
    "madang/admin/operations/running_checks.py": "whether clocks agree, and what is late by them",
    "madang/importing/commands.py": "a command",
    "madang/posts/queries/panels.py": "cached panels of pages",
}
MAY_READ_THE_ENVIRONMENT = {
    "madang/application.py": "passes it to the settings",
    "madang/cli/__init__.py": "the language of the terminal",
    "madang/cli/serving.py": "debug mode, for itself and the processes that it starts",
    "madang/admin/operations/installation_checks.py": "the language of the terminal; the variables that it checks",
    "madang/cli/inspecting.py": "the variables that `madang check` reads",
    "madang/core/instruments.py": "a variable of the Prometheus library, not a setting",
    "madang/core/server/serve.py": "the same",
    "madang/core/server/gunicorn_worker.py": "variables of systemd, not settings",
    "madang/core/server/handover.py": "a variable of gunicorn, not a setting",
}
WITHOUT_SUBSCRIBER = {
    "MessageReported": "the moderators' list of reports shows it",
}


def _slice_modules() -> list[Path]:
    """The modules of the slices, without `__init__`."""
    inside = modules(outside=("cli", "core", "config", "migrations", "translations"))
    return [path for path in inside if path.parent != PACKAGE and path.stem != "__init__"]


def _role(path: Path) -> str:
    """The role of a slice's module: `operations` for `posts/operations.py` and for `posts/operations/editing.py`."""
    return path.relative_to(PACKAGE).with_suffix("").parts[1]


def _modules_below_the_web() -> list[Path]:
    """The modules of the slices whose role is below views, forms and API."""
    return [path for path in _slice_modules() if _role(path) not in WEB_ROLES]


def test_every_module_of_a_slice_has_a_role():
    assert {short(path) for path in _slice_modules() if _role(path) not in ROLES} == set()


def test_files_are_not_too_long():
    long = {
        short(path): count
        for path in tracked(".py", ".js", ".scss", ".html", ".po")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MAX_FILE_LINES and path.suffix != ".po"
    }
    assert not {name: count for name, count in long.items() if not name.startswith(tuple(MAY_BE_LONG))}


def test_functions_are_not_too_long():
    long = [
        f"{place(path, function)} {function.name}: {length}"
        for path in tracked(".py")
        for function in functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > MAX_FUNCTION_LINES
        and not short(path).startswith(tuple(MAY_BE_LONG))
    ]
    assert not long


def test_only_the_core_commits():
    ended = [
        place(path, call) for path in modules(outside=("core",)) for call in calls(path) if called(call) == "commit"
    ]
    assert [where for where in ended if not where.startswith("madang/migrations/env.py")] == []


def test_roles_below_the_web_import_no_web_framework():
    importing = {short(path) for path in _modules_below_the_web() if imported(path) & FRAMEWORKS}
    assert importing - set(MAY_IMPORT_FLASK) == set()


def test_operations_get_the_time_as_an_argument():
    asking = {short(path) for path in _modules_below_the_web() for call in calls(path) if called(call) == "now"}
    asking -= {name for name in asking if _role(ROOT / name) in ("jobs", "subscribers", "commands", "ownership")}
    assert asking - set(MAY_READ_THE_CLOCK) == set()


def test_imports_are_at_the_head_of_a_file():
    within = [
        f"{place(path, function)} {function.name}"
        for path in modules()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and function.name != "create_app"
    ]
    assert not within


def test_only_the_settings_read_the_environment():
    reading = {
        short(path)
        for path in modules(outside=("config",))
        for node in nodes(path)
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"))
        and getattr(node.value, "id", "") != "request"  # the WSGI environment
    }
    assert reading - set(MAY_READ_THE_ENVIRONMENT) == set()


def test_text_is_normalised_in_bounded_time():
    """`unicodedata.normalize` is quadratic in the length of a run of accents; `normalized` cuts the run."""
    using = {short(path) for path in modules() for call in calls(path) if called(call) == "normalize"}
    assert {path for path in using if "/migrations/" not in path} == {"madang/core/text.py"}


def _events() -> dict[str, type]:
    events = {}
    for path in PACKAGE.glob("**/events.py"):
        if path.parent.name != "core":
            module = importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
            events |= {
                name: value
                for name, value in vars(module).items()
                if getattr(value, "__module__", "") == module.__name__ and is_dataclass(value)
            }
    return events


def test_every_event_is_emitted():
    emitted = {
        called(call.args[0])
        for path in modules()
        for call in calls(path)
        if called(call) == "emit" and call.args and isinstance(call.args[0], ast.Call)
    }
    assert set(_events()) - emitted == set()


def test_every_event_has_a_subscriber_or_is_listed_without_one():
    subscribed = {event.__name__ for event in SUBSCRIPTIONS}
    events = set(_events())
    assert subscribed <= events
    assert events - subscribed - set(WITHOUT_SUBSCRIBER) == set()
    assert set(WITHOUT_SUBSCRIBER) & subscribed == set(), "it has a subscriber now: remove it from the list"


def test_every_subscriber_is_named_by_its_event():
    """`on_post_edited`; of two subscribers of one module for one event, each says after it what it does.

    `NotifyOf` is the only subscriber that is no function of the event: it names kinds of notification.
    """
    for event, named in SUBSCRIPTIONS.items():
        subscribers = [subscriber for subscriber in named if not isinstance(subscriber, NotifyOf)]
        name = "on_" + re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()
        modules_of_event = [subscriber.__module__ for subscriber in subscribers]
        for subscriber in subscribers:
            is_one_of_several = modules_of_event.count(subscriber.__module__) > 1
            assert subscriber.__name__.startswith(f"{name}_") if is_one_of_several else subscriber.__name__ == name
            assert [*get_type_hints(subscriber).values()] == [event, type(None)], subscriber


def test_the_kinds_of_notification_of_an_event_are_in_one_subscription():
    """Of several kinds, the first that names a person notifies them: that order must not depend on two jobs."""
    for event, subscribers in SUBSCRIPTIONS.items():
        assert sum(isinstance(subscriber, NotifyOf) for subscriber in subscribers) <= 1, event


@pytest.mark.parametrize("function_name", ["InvalidInput", "Forbidden", "Conflict", "RateLimited", "require", "flash"])
def test_messages_for_people_are_translated(function_name):
    plain = [
        place(path, call)
        for path in modules()
        for call in calls(path)
        if called(call) == function_name
        and any(isinstance(argument, ast.Constant | ast.JoinedStr) and _is_text(argument) for argument in call.args[:2])
    ]
    if function_name == "flash":  # its second argument is a category
        plain = [where for where in plain if '"info"' not in _line(where) and '"success"' not in _line(where)]
    assert not plain


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _line(where: str) -> str:
    name, _colon, number = where.rpartition(":")
    return (ROOT / name).read_text(encoding="utf-8").splitlines()[int(number) - 1]


def test_migrations_never_recreate_a_table():
    """On SQLite `batch_alter_table` deletes the rows that refer to the table."""
    recreating = [
        place(path, call)
        for path in tracked(".py")
        if path.is_relative_to(PACKAGE / "migrations" / "versions")
        for call in calls(path)
        if called(call) == "batch_alter_table"
    ]
    assert recreating == []


def test_every_verb_of_the_staff_log_has_words():
    recorded = {
        str(argument.value)
        for path in modules()
        for call in calls(path)
        if called(call).startswith("record_staff_action")
        for argument in ast.walk(ast.Tuple(elts=[*call.args[:2]], ctx=ast.Load()))
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and "_" in argument.value
    }
    assert len(recorded) > 10
    described = {verb for each in SLICES for verb in each.staff_verbs()}
    assert recorded - described == set(), "add the words to `staff_verbs` in the sentences of the slice"
