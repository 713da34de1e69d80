"""The actor of the current request: an account, a guest or an anonymous visitor."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, g, session
from flask_login import current_user, login_required

from madang.core.actor import VISITOR, Actor
from madang.core.db import commit
from madang.core.settings import setting

P = ParamSpec("P")
R = TypeVar("R")


def current_actor() -> Actor:
    """Return the actor of the current request."""
    actor: Actor | None = g.get("actor")  # read ten times a request, and Flask-Login's proxy is slow
    if actor is None:
        # An empty session has no user: Flask-Login would compute a hash to find that out.
        actor = g.actor = current_user._get_current_object() if session else VISITOR
    return actor


def set_actor_on_login(_app: Flask, user: Actor) -> None:
    """Receive Flask-Login's signal `user_logged_in`."""
    g.actor = user


def set_actor_on_logout(_app: Flask, user: Actor) -> None:
    """Receive Flask-Login's signal `user_logged_out`."""
    g.actor = VISITOR


def identity_required(view: Callable[P, R]) -> Callable[P, R]:
    """Create a guest account for an anonymous caller before `view` runs; the response sets the session cookie.

    On a site without guests, lead the caller to the log-in.
    """

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if not setting("FEATURE_GUESTS") and not current_actor().has_identity:
            return login_required(view)(*args, **kwargs)
        current_app.extensions["identify"]()
        commit_early()  # the cookie refers to the guest's row
        return view(*args, **kwargs)

    vars(wrapper)["makes_guests"] = True
    return wrapper


def commit_early() -> None:
    """Commit what has been written so far, so that it survives a failure of the rest of the request."""
    commit()
