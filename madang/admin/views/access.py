"""What the pages of administration share: who may open them, the question before a deed, pages by key."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode

from flask import render_template, request
from flask_login import login_required
from sqlalchemy import Row

from madang.accounts.operations.managing import require_administrator
from madang.accounts.policies.accounts import can_see_administration
from madang.core.actor import Actor
from madang.core.db import rollback
from madang.core.errors import NotFound, require
from madang.core.web.actor import current_actor
from madang.core.web.forms import Form
from madang.core.web.ids import parse_id
from madang.core.web.suspension import suspension_sentence

P = ParamSpec("P")
R = TypeVar("R")


def require_staff(actor: Actor) -> None:
    """Let moderators and administrators in; for everybody else there is nothing here."""
    if not actor.is_staff:
        raise NotFound
    require(can_see_administration(actor), suspension_sentence(actor))


def staff_required(view: Callable[P, R]) -> Callable[P, R]:
    """Show `view` to moderators and administrators."""

    @wraps(view)
    def guarded(*args: P.args, **values: P.kwargs) -> R:
        require_staff(current_actor())
        return view(*args, **values)

    return login_required(guarded)


def admin_required(view: Callable[P, R]) -> Callable[P, R]:
    """Show `view` to administrators; moderators are told that they may not."""

    @wraps(view)
    def guarded(*args: P.args, **values: P.kwargs) -> R:
        require_administrator(current_actor())
        return view(*args, **values)

    return staff_required(guarded)


def is_confirmed() -> bool:
    """Whether the person has been told what will happen, and still wants it."""
    return request.form.get("confirmed") == "1"


def ask_first(form: Form, lines: Sequence[str], *, title: str, ok: str, back: str) -> str:
    """The page that says what will happen, after it has been tried and taken back; it sends the form once more."""
    rollback()
    fields = [(name, value) for name, value in request.form.items() if name in form]
    section, words = request.path.split("/")[2], {"title": title, "ok": ok, "back": back}
    return render_template(
        "admin/confirm.html", section=section, fields=fields, lines=lines, action=request.path, **words
    )


def asked_number(name: str) -> int | None:
    """A number that the address asks for; None for anything else."""
    try:
        return parse_id(request.args.get(name, ""))
    except NotFound:
        return None


def one_page(rows: list[Row], size: int, name: str) -> dict[str, Any]:
    """The rows of a page, and the addresses of the first and the next one; `name` is the key in the address."""
    kept = [(key, value) for key, value in request.args.items() if key != name and value]
    shown = rows[:size]
    more = urlencode([*kept, (name, str(shown[-1].id))]) if len(rows) > size else ""
    first = urlencode(kept)
    return {
        "rows": shown,
        "next_url": f"{request.path}?{more}" if more else None,
        "first_url": (f"{request.path}?{first}" if first else request.path) if name in request.args else None,
    }


def with_query(**values: str) -> str:
    """This page's address with other values in its query, from the first page on."""
    kept = {key: value for key, value in request.args.items() if key not in ("after", "before")}
    query = urlencode({key: value for key, value in {**kept, **values}.items() if value})
    return f"{request.path}?{query}" if query else request.path
