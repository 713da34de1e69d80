"""Unfinished texts as lists offer them."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row

from madang.boards.queries import visible_boards
from madang.core.actor import Actor
from madang.core.i18n import _
from madang.core.text import clean_line

from ..operations.drafting import NEW_POST_PLACE, drafts_of
from ..queries.drafts import posts_of_drafts

BEGINNING_LENGTH = 120
PLACE_OF_POST = re.compile(r"(answer|edit):([0-9]+)")


class DraftEntry(NamedTuple):
    """An unfinished text: where it belongs, its title or beginning, and where it is continued.

    `continue_url` is None where it cannot be continued any more; `body` is there to be copied then.
    """

    place: str
    label: str
    beginning: str
    body: str
    saved_at: datetime
    continue_url: str | None


def draft_entries(actor: Actor) -> list[DraftEntry]:
    """All drafts of the actor, the newest first."""
    rows = drafts_of(actor)
    matches = [match for row in rows if (match := PLACE_OF_POST.match(row.place))]
    posts = posts_of_drafts((int(match[2]) for match in matches), actor)
    return [_entry(row, posts, actor) for row in rows]


def offered_drafts(actor: Actor, board_kind: str | None) -> list[DraftEntry]:
    """The drafts of new posts on boards of `board_kind`, or of all kinds, the newest first."""
    kinds = {board.slug: board.kind for board in visible_boards(actor)}
    rows = [row for row in drafts_of(actor) if NEW_POST_PLACE.fullmatch(row.place)]
    if board_kind:
        rows = [row for row in rows if kinds.get(row.fields.get("board", ""), board_kind) == board_kind]
    return [_entry(row, {}, actor) for row in rows]


def _entry(row: Row, posts: dict[int, Row], actor: Actor) -> DraftEntry:
    label, url = _label_and_url(row, posts, actor)
    words = (row.fields.get("title", ""), row.fields.get("body", ""), *_other_texts(row.fields))
    beginning = next((line for text in words if (line := clean_line(text[: 4 * BEGINNING_LENGTH]))), "")
    return DraftEntry(row.place, label, beginning[:BEGINNING_LENGTH], words[1], row.updated_at, url)


def _other_texts(fields: dict[str, str]) -> Iterable[str]:
    return (text for name, text in fields.items() if name not in ("board", "title", "body"))


def _label_and_url(row: Row, posts: dict[int, Row], actor: Actor) -> tuple[str, str | None]:
    match = PLACE_OF_POST.match(row.place)
    if not match:
        slug = row.fields.get("board", "")
        name = next((board.name for board in visible_boards(actor) if board.slug == slug), "")
        label = _("New post on “%(board)s”", board=name) if name else _("New post")
        return label, f"/posts/new?draft={row.place}"
    post = posts.get(int(match[2]))
    if post is None:
        return _("For a deleted post"), None
    if match[1] == "answer":
        url = None if post.closed_at or post.locked_at else f"/posts/{post.id}#write"
        return _("Answer to “%(title)s”", title=post.title), url
    return _("Edit of “%(title)s”", title=post.title), f"/posts/{post.id}/edit?draft={row.place}"
