"""HTML of the follow button, pages of the feed, and suggestions of what to follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup
from sqlalchemy import Row

from madang.boards.queries import visible_boards
from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db.pagination import Cursor, format_cursor
from madang.core.web.fragment_cache import fragment
from madang.posts.fragments.authors import author_of
from madang.posts.fragments.lists import row_fragments
from madang.tags.queries.tags import nav_tags

from .models import BOARD, PERSON, QUESTION, TAG, Target
from .queries import FEED_ORDER, feed_rows, followed_among, is_following

FEED_PAGE = 30
MAX_GROUPED = 3  # times as many entries as a page has rows: so many are read for groups
MAX_SUGGESTED_BOARDS = 4
MAX_SUGGESTED_TAGS = 4


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed: rendered rows, and the `before` parameter of the next page or None."""

    rows: Markup
    older: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A board or tag suggested for following."""

    kind: str
    id: int
    name: str
    url: str
    words: str
    is_followed: bool


def feed_page(actor: Actor, before: Cursor | None, size: int = FEED_PAGE) -> Feed:
    """Render a page of the actor's feed. Entries of one question are one row: the latest, and how many more answers."""
    limit = size * MAX_GROUPED
    rows = feed_rows(actor, before=before, limit=limit + 1, now=now())
    groups: dict[int, list[Row]] = {}
    count = 0
    for row in rows[:limit]:
        if len(groups) == size and row.question_id not in groups:
            break
        groups.setdefault(row.question_id, []).append(row)
        count += 1
    older = format_cursor(*FEED_ORDER.key_of(rows[count - 1])) if len(rows) > count else None
    boards = {board.id: board for board in visible_boards(actor)}
    latest = [group[0] for group in groups.values()]
    return Feed(
        row_fragments(
            latest,
            reasons=[_reason(row, boards) for row in latest],
            more_answers=[sum(row.kind == "answer" for row in group[1:]) for group in groups.values()],
        ),
        older,
    )


def _reason(row: Row, boards: dict[int, Row]) -> tuple[str, str, str] | None:
    """The reason why a post is in the feed: kind, name, and the path of what is followed."""
    if row.reason_kind == PERSON:
        author = author_of(row)
        return PERSON, author.display_name or author.username or "", person_path(author.username or "")
    if row.reason_kind == TAG:
        return TAG, f"#{row.reason_tag or ''}", tag_path(row.reason_tag or "")
    if row.reason_kind == BOARD and (board := boards.get(row.reason_id)):
        return BOARD, board.name, board_path(board.slug)
    return (QUESTION, "", "") if row.reason_kind == QUESTION else None


def person_path(username: str) -> str:
    return f"/users/{quote(username, safe='')}"


def tag_path(name: str) -> str:
    return f"/tags/{quote(name, safe='')}"


def board_path(slug: str) -> str:
    return f"/boards/{quote(slug, safe='')}"


def suggestions(actor: Actor) -> list[Suggestion]:
    """Suggest the boards and tags with the most posts."""
    boards = sorted(visible_boards(actor), key=lambda board: -board.post_count)[:MAX_SUGGESTED_BOARDS]
    tags = nav_tags(actor)[:MAX_SUGGESTED_TAGS]
    subjects = [(Target(BOARD, row.id), row.name, board_path(row.slug), row.description) for row in boards]
    subjects += [(Target(TAG, row.id), f"#{row.name}", tag_path(row.name), "") for row in tags]
    followed = followed_among(actor, [target for target, *_rest in subjects])
    return [
        Suggestion(target.kind, target.id, name, url, words, is_followed=target in followed)
        for target, name, url, words in subjects
    ]


def button(url: str, name: str, *, is_followed: bool, look: str = "") -> Markup:
    """Render the follow button of what is at `url`."""
    return fragment("components/follow_button.html", "follow_button", url, name, is_followed, look)


def shows_following(actor: Actor, kind: str, target_id: int) -> bool | None:
    """Whether the actor follows the target; None for an anonymous actor, who has to log in first."""
    return None if actor.is_anonymous else is_following(actor, kind, target_id)


def follow_states(actor: Actor, kind: str, rows: Sequence[Row]) -> set[int]:
    """Ids of those rows that the actor follows."""
    return {target.id for target in followed_among(actor, [Target(kind, row.id) for row in rows])}
