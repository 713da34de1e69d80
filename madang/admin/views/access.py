"""Shared by the staff pages: access control, the confirmation page, pagination by key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlencode

from flask import render_template, request
from flask_login import login_required
from sqlalchemy import Row

from madang.accounts.policies.accounts import can_see_administration, require_administrator
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
    """Raise `NotFound` unless the actor is a moderator or administrator, `Forbidden` if they are suspended."""
    if not actor.is_staff:
        raise NotFound
    require(can_see_administration(actor), suspension_sentence(actor))


def staff_required(view: Callable[P, R]) -> Callable[P, R]:
    """Restrict `view` to moderators and administrators."""

    @wraps(view)
    def guarded(*args: P.args, **values: P.kwargs) -> R:
        require_staff(current_actor())
        return view(*args, **values)

    return login_required(guarded)


def admin_required(view: Callable[P, R]) -> Callable[P, R]:
    """Restrict `view` to administrators; moderators get 403."""

    @wraps(view)
    def guarded(*args: P.args, **values: P.kwargs) -> R:
        require_administrator(current_actor())
        return view(*args, **values)

    return staff_required(guarded)


def is_confirmed() -> bool:
    """Whether the form was sent from the confirmation page."""
    return request.form.get("confirmed") == "1"


def confirmation_page(form: Form, lines: Sequence[str], *, title: str, ok: str, back: str) -> str:
    """Roll back the operation just tried, and render a page that lists its effects and sends the form again."""
    rollback()
    fields = [(name, value) for name, value in request.form.items(multi=True) if name in form]
    section, labels = request.path.split("/")[2], {"title": title, "ok": ok, "back": back}
    return render_template(
        "admin/confirm.html", section=section, fields=fields, lines=lines, action=request.path, **labels
    )


def query_id(name: str) -> int | None:
    """The id in the query parameter `name`; None if it is missing or invalid."""
    try:
        return parse_id(request.args.get(name, ""))
    except NotFound:
        return None


@dataclass(frozen=True, slots=True)
class RowsPage:
    """The rows of a page, and the URLs of the next and the first page, if there are such."""

    rows: list[Row]
    next_url: str | None
    first_url: str | None

    @property
    def links(self) -> dict[str, str | None]:
        """The URLs as template context."""
        return {"next_url": self.next_url, "first_url": self.first_url}


def paginate(rows: list[Row], size: int, name: str) -> RowsPage:
    """Make a page of the first `size` of `rows`; one row more means that there is a next page.

    `name` is the query parameter that holds the id of the last row.
    """
    parameters = [(key, value) for key, value in request.args.items() if key != name and value]
    page_rows = rows[:size]
    more = urlencode([*parameters, (name, str(page_rows[-1].id))]) if len(rows) > size else ""
    first = urlencode(parameters)
    return RowsPage(
        page_rows,
        f"{request.path}?{more}" if more else None,
        (f"{request.path}?{first}" if first else request.path) if name in request.args else None,
    )


def with_query(**values: str) -> str:
    """The URL of this page's first page with other values in its query."""
    parameters = {key: value for key, value in request.args.items() if key not in ("after", "before")}
    query = urlencode({key: value for key, value in {**parameters, **values}.items() if value})
    return f"{request.path}?{query}" if query else request.path
