"""The interactive shell: the names with which `madang shell` and `flask shell` begin."""

import code
import textwrap
from contextlib import suppress
from importlib import import_module

from flask import Flask, url_for
from sqlalchemy import delete, func, select, update

from .accounts.models import User
from .accounts.queries.actors import actor_of
from .accounts.queries.users import get_user
from .core.actor import COMMAND_LINE, VISITOR, Actor
from .core.clock import now
from .core.db import Base, commit, db, rollback, transaction
from .core.queue import run_due

EXAMPLE = """\
>>> person("ann").email
>>> db.session.scalars(select(Post).where(Post.author_id == person("ann").id).limit(3)).all()
>>> with transaction(): person("ann").display_name = "Ann"
Operations take actor("ann") or COMMAND_LINE, and now()."""


def person(username: str) -> User:
    """The account with that username. Raises `NotFound`."""
    return get_user(username, VISITOR)


def actor(username: str) -> Actor:
    """The account with that username as operations and policies expect it. Raises `NotFound`."""
    return actor_of(person(username))


def models() -> dict[str, type]:
    """The class of every table, by name."""
    return {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}


HELPERS: dict[str, object] = {
    "COMMAND_LINE": COMMAND_LINE,
    "VISITOR": VISITOR,
    "actor": actor,
    "commit": commit,
    "db": db,
    "delete": delete,
    "func": func,
    "now": now,
    "person": person,
    "rollback": rollback,
    "run_due": run_due,
    "select": select,
    "transaction": transaction,
    "update": update,
    "url_for": url_for,
}


def names() -> dict[str, object]:
    """Every name that the shell begins with."""
    return {**models(), **HELPERS}


def init_app(app: Flask) -> None:
    app.shell_context_processor(names)


def banner() -> str:
    """What the shell prints first: the database, and every name with an example."""
    lists = {"Tables": sorted(models()), "Helpers": sorted(HELPERS, key=str.lower)}
    lines = [textwrap.fill(f"{title}: {', '.join(each)}", 100, subsequent_indent="  ") for title, each in lists.items()]
    return "\n".join([f"Madang on {db.engine.url.render_as_string(hide_password=True)}", *lines, EXAMPLE])


def open_shell() -> None:
    """Read and run Python in the current application context until the end of the input."""
    namespace = names()
    with suppress(ImportError):  # where Python has it: history, and completion by the tab key
        readline, rlcompleter = import_module("readline"), import_module("rlcompleter")
        readline.set_completer(rlcompleter.Completer(namespace).complete)
        readline.parse_and_bind("tab: complete")
    code.interact(banner(), local=namespace, exitmsg="")
