"""What pages print of to-dos."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from madang.core import i18n
from madang.core.actor import Actor
from madang.core.i18n import _
from madang.core.web.fragment_cache import fragment
from madang.messages.fragments import conversation_name
from madang.messages.queries.messages import get_message, readable_messages
from madang.posts.queries.posts import get_post

from .operations.saving import Link
from .operations.times import local_now
from .queries.todos import LATER, MESSAGE, OVERDUE, POST, SOME_DAY, TODAY


@dataclass(frozen=True, slots=True)
class Item:
    """A to-do as a page prints it: `about` are the words of the link, where there is one besides the title."""

    row: Row
    due: str
    is_overdue: bool
    reminder: str
    link: str | None
    about: str
    before_id: int | None
    after_id: int | None


@dataclass(frozen=True, slots=True)
class Section:
    """To-dos under one heading, in an order that the person makes (`is_own_order`) or that days make."""

    title: str
    items: list[Item]
    is_own_order: bool


def sections(rows: list[Row], today: date, actor: Actor) -> list[Section]:
    """The rows of all lists under their headings."""
    titles = {OVERDUE: _("Overdue"), TODAY: _("Today"), LATER: _("Later"), SOME_DAY: _("Some day")}
    found = []
    for rank, title in titles.items():
        if ranked := [row for row in rows if row.rank == rank]:
            found.append(
                Section(title, items(ranked, today, actor, is_late=rank == OVERDUE), rank in (TODAY, SOME_DAY))
            )
    return found


def items(rows: list[Row], today: date, actor: Actor, *, is_late: bool = False) -> list[Item]:
    """The rows with their neighbours, between which the arrows move them."""
    ids = [row.id for row in rows]
    readable = readable_messages(actor, [row.link_id for row in rows if row.link_kind == MESSAGE])
    return [
        Item(
            row=row,
            due=_due(row, today),
            is_overdue=is_late or (row.due_on is not None and row.due_on < today and row.done_at is None),
            reminder=_reminder(row, today),
            **_link(row, readable),
            before_id=before,
            after_id=after,
        )
        for row, before, after in zip(rows, [None, *ids], [*ids[1:], None], strict=False)
    ]


def _due(row: Row, today: date) -> str:
    """When a to-do is due, in words."""
    return _in_words(row.due_on, row.due_time, today) if row.due_on else ""


def _reminder(row: Row, today: date) -> str:
    """When a reminder will come, in words; empty where none will."""
    if row.remind_at is None or row.reminded_at or row.done_at:
        return ""
    return _in_words(*local_now(row.remind_at, i18n.current_zone()), today)


def _in_words(day: date, clock: time | None, today: date) -> str:
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    words = near.get((day - today).days) or i18n.day(day)
    return f"{words} {i18n.clock(clock)}" if clock else words


def _link(row: Row, readable: dict[int, int]) -> dict[str, Any]:
    """Where a to-do leads; what its reader may not see any more is left with the to-do's own words."""
    is_gone = {
        POST: row.post_title is None,
        MESSAGE: row.link_kind == MESSAGE and message_path(readable.get(row.link_id, 0), row.link_id) != row.link,
    }
    if row.link is None or is_gone.get(row.link_kind):
        return {"link": None, "about": ""}
    about = {POST: row.post_title, MESSAGE: _("The message")}.get(row.link_kind, _("Go there"))
    return {"link": row.link, "about": "" if about == row.title else about}


def message_path(conversation_id: int, message_id: int) -> str:
    """Where a message is found, on whichever page of its conversation it stands."""
    return f"/messages/{conversation_id}/{message_id}#message-{message_id}"


def message_link(conversation_id: int, message_id: int, actor: Actor) -> Link:
    """A message as a to-do keeps it: its first words, or else the name of its conversation. Raises `NotFound`."""
    message = get_message(conversation_id, message_id, actor)
    title = message.excerpt or conversation_name(conversation_id, actor)
    return Link(MESSAGE, message.id, message_path(conversation_id, message_id), title)


def post_link(post_id: int, actor: Actor) -> Link:
    """A post as a to-do keeps it, under its question's title if it is an answer. Raises as `get_post` does."""
    post = get_post(post_id, actor)
    title = get_post(post.parent_id, actor).title if post.parent_id else post.title
    return Link(POST, post.id, f"/posts/{post.id}", title)


def save_fragment(path: str, name: str, *, is_saved: bool) -> Markup:
    """The button that saves for later what stands at `path`, as it is after a press."""
    return fragment("components/save_button.html", "save_button", path, name, is_saved)
