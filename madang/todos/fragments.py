"""To-dos as pages show them, and links from to-dos to posts and messages."""

from dataclasses import dataclass
from datetime import date, time

from markupsafe import Markup
from sqlalchemy import Row

from madang.core import i18n
from madang.core.actor import Actor
from madang.core.i18n import _
from madang.core.local_time import local_now
from madang.core.web.fragment_cache import fragment
from madang.messages.fragments import conversation_name
from madang.messages.queries.messages import get_message, readable_conversation_ids
from madang.posts.queries.posts import get_post

from .operations.saving import Link
from .queries.todos import LATER, MESSAGE, OVERDUE, POST, SOME_DAY, TODAY


@dataclass(frozen=True, slots=True)
class Item:
    """A to-do in a list. `about` is the text of the link if it differs from the title, else empty."""

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
    """To-dos under one heading, in the person's own order (`is_own_order`) or by day."""

    title: str
    items: list[Item]
    is_own_order: bool


def sections(rows: list[Row], today: date, actor: Actor) -> list[Section]:
    """The rows of `open_rows` grouped by their rank; ranks without rows have no section."""
    titles = {OVERDUE: _("Overdue"), TODAY: _("Today"), LATER: _("Later"), SOME_DAY: _("Someday")}
    rows_by_rank = {rank: [row for row in rows if row.rank == rank] for rank in titles}
    return [
        Section(titles[rank], items(ranked, today, actor, is_overdue=rank == OVERDUE), rank in (TODAY, SOME_DAY))
        for rank, ranked in rows_by_rank.items()
        if ranked
    ]


def open_counts(lists: list[Row]) -> dict[str, str]:
    """The numbers of open to-dos that the tabs print, by list and for all of them, from `list_rows`."""
    counts = {str(row.id): row.open_count for row in lists}
    return {name: i18n.number(count) for name, count in {"all": sum(counts.values()), **counts}.items()}


def items(rows: list[Row], today: date, actor: Actor, *, is_overdue: bool = False) -> list[Item]:
    """The rows with the ids of their neighbours, past which they can be moved."""
    ids = [row.id for row in rows]
    neighbours = zip([None, *ids], [*ids[1:], None], strict=False)
    readable = readable_conversation_ids(actor, [row.link_id for row in rows if row.link_kind == MESSAGE])
    return [
        _item(row, (before, after), today, readable, is_overdue=is_overdue)
        for row, (before, after) in zip(rows, neighbours, strict=False)
    ]


def _item(
    row: Row, neighbours: tuple[int | None, int | None], today: date, readable: dict[int, int], *, is_overdue: bool
) -> Item:
    link, about = _link(row, readable)
    before_id, after_id = neighbours
    return Item(
        row=row,
        due=_due(row, today),
        is_overdue=is_overdue or (row.due_on is not None and row.due_on < today and row.done_at is None),
        reminder=_reminder(row, today),
        link=link,
        about=about,
        before_id=before_id,
        after_id=after_id,
    )


def _due(row: Row, today: date) -> str:
    """When a to-do is due, as a localised text; empty if never."""
    return _in_words(row.due_on, row.due_time, today) if row.due_on else ""


def _reminder(row: Row, today: date) -> str:
    """When a to-do's reminder is due, as a localised text; empty if none is."""
    if row.remind_at is None or row.reminded_at or row.done_at:
        return ""
    return _in_words(*local_now(row.remind_at, i18n.current_zone()), today)


def _in_words(day: date, clock: time | None, today: date) -> str:
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    words = near.get((day - today).days) or i18n.day(day)
    return f"{words} {i18n.clock(clock)}" if clock else words


def _link(row: Row, readable: dict[int, int]) -> tuple[str | None, str]:
    """The address and text of a to-do's link; (None, "") without one or if the reader may no longer see its target."""
    is_hidden = {
        POST: row.post_title is None,
        MESSAGE: row.link_kind == MESSAGE and message_path(readable.get(row.link_id, 0), row.link_id) != row.link,
    }
    if row.link is None or is_hidden.get(row.link_kind):
        return None, ""
    about = {POST: row.post_title, MESSAGE: _("The message")}.get(row.link_kind, _("Go there"))
    return row.link, "" if about == row.title else about


def message_path(conversation_id: int, message_id: int) -> str:
    """The address that redirects to a message on its page of the conversation."""
    return f"/messages/{conversation_id}/{message_id}#message-{message_id}"


def message_link(conversation_id: int, message_id: int, actor: Actor) -> Link:
    """The link to a message, titled by its first words or else by its conversation's name. Raises `NotFound`."""
    message = get_message(conversation_id, message_id, actor)
    title = message.excerpt or conversation_name(conversation_id, actor)
    return Link(MESSAGE, message.id, message_path(conversation_id, message_id), title)


def post_link(post_id: int, actor: Actor) -> Link:
    """The link to a post, titled by its question if it is an answer. Raises as `get_post` does."""
    post = get_post(post_id, actor)
    title = get_post(post.parent_id, actor).title if post.parent_id else post.title
    return Link(POST, post.id, f"/posts/{post.id}", title)


def save_fragment(path: str, name: str, *, is_saved: bool) -> Markup:
    """The save button of the post or message at `path`, in its new state."""
    return fragment("components/save_button.html", "save_button", path, name, is_saved)
