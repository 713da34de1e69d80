"""Who asks in this request: an account, a guest or a visitor."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, g
from flask_login import current_user

from madang.core.actor import VISITOR, Actor
from madang.core.db import commit

P = ParamSpec("P")
R = TypeVar("R")


def current_actor() -> Actor:
    """Who asks in this request."""
    actor: Actor | None = g.get("actor")  # asked ten times a request, and Flask-Login's proxy is slow
    if actor is None:
        actor = g.actor = current_user._get_current_object()
    return actor


def _note_log_in(_app: Flask, user: Actor) -> None:
    g.actor = user


def _note_log_out(_app: Flask, user: Actor) -> None:
    g.actor = VISITOR


def identity_required(view: Callable[P, R]) -> Callable[P, R]:
    """Let whoever has no account come to `view` as a guest; the answer then brings the session's cookie."""

    @wraps(view)
    def identified(*args: P.args, **values: P.kwargs) -> R:
        current_app.extensions["identify"]()
        commit_early()  # the cookie names somebody
        return view(*args, **values)

    identified.makes_guests = True  # type: ignore[attr-defined]
    return identified


def commit_early() -> None:
    """Commit what has been written so far: it stays, whatever becomes of the rest of the request."""
    commit()
