"""Find the boards that somebody may see, and locate the start of a numbered page of their posts.

What stands on a board is for those who may see the board: queries leave out what is on `hidden_board_ids(actor)`.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Row, bindparam, func, select

from madang.accounts.models import User
from madang.accounts.queries.actors import group_ids_among
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.i18n import current_locale
from madang.core.text import slugify
from madang.core.ttl_cache import ttl_cache

from .models import Board, BoardPeriod
from .policies import EVERYONE, GROUPS, can_see_board

MAX_PLAIN_OFFSET = 300


def visible_boards(actor: Actor) -> list[Row]:
    """The boards that the actor may see in order, as rows for the navigation, named in the current language."""
    boards, hidden = all_boards(), hidden_board_ids(actor)
    return [board for board in boards if board.id not in hidden] if hidden else boards


class BoardReaders(NamedTuple):
    """Who may see a board; the names are those of its columns."""

    id: int
    readers: str
    reader_group_ids: tuple[int, ...]


def hidden_board_ids(actor: Actor) -> tuple[int, ...]:
    """The ids of the boards that the actor may not see, in order; there are none where everybody may read everything.

    This alone decides what is visible, for pages, API, feeds, search, mails and notifications.
    """
    restricted = _restricted_boards()
    return tuple(board.id for board in restricted if not can_see_board(actor, board)) if restricted else ()


def readers_of(board_id: int) -> BoardReaders:
    """Who may see a board."""
    open_to_all = BoardReaders(board_id, EVERYONE, ())
    return next((board for board in _restricted_boards() if board.id == board_id), open_to_all)


def is_read_by_group(group_id: int) -> bool:
    """Whether a group has readers of a board."""
    return any(board.readers == GROUPS and group_id in board.reader_group_ids for board in _restricted_boards())


def restricted_board_ids() -> set[int]:
    """The ids of the boards that not everybody may see."""
    return {board.id for board in _restricted_boards()}


@ttl_cache(seconds=0.5)
def _restricted_boards() -> list[BoardReaders]:
    """The boards that not everybody may see, which another process may have changed half a second ago."""
    restricted = select(Board.id, Board.readers, Board.reader_group_ids).where(Board.readers != EVERYONE)
    rows = db.rows(restricted.order_by(Board.id))
    return [BoardReaders(row.id, row.readers, tuple(row.reader_group_ids)) for row in rows]


def readers_among(board_id: int, user_ids: Iterable[int]) -> set[int]:
    """Those of these people who may see a board."""
    board, ids = readers_of(board_id), list(user_ids)
    if board.readers == EVERYONE:
        return set(ids)
    people = db.rows(select(User.id, User.role).where(User.id.in_(ids)))
    groups = group_ids_among(ids) if board.readers == GROUPS else {}
    actors = [Actor(id=row.id, role=row.role, group_ids=groups.get(row.id, frozenset())) for row in people]
    return {actor.id for actor in actors if actor.id is not None and can_see_board(actor, board)}


def all_boards() -> list[Row]:
    """All boards in order, as `visible_boards` returns them. For pages and the API use that one."""
    boards, locale = _boards_cache(), current_locale()
    if locale not in boards:
        boards[locale] = _all_boards()
    return boards[locale]


@ttl_cache(seconds=2)
def _boards_cache() -> dict[str, list[Row]]:
    """The rows of `all_boards` by language, for pages of the last two seconds."""
    return {}


def _all_boards() -> list[Row]:
    columns = select(
        Board.id,
        Board.slug,
        Board.name,
        Board.kind,
        Board.description,
        Board.post_count,
        Board.unanswered_count,
        Board.archived_at.is_not(None).label("is_archived"),
        Board.uses_math,
        Board.asks_before_vote,
        Board.readers,
    )
    return list(db.session.execute(columns.order_by(Board.position, Board.id)).all())


def get_board(slug: str, actor: Actor) -> Board:
    """The board at `/boards/<slug>`. Raises `NotFound`, also if the actor may not see it."""
    is_slug = slug == slugify(slug)  # PostgreSQL raises an error for some other strings
    board = db.session.scalar(select(Board).where(Board.slug == slug)) if is_slug else None
    if board is None or board.id in hidden_board_ids(actor):
        raise NotFound
    return board


def slug_of(board_id: int) -> str:
    """The address of a board, empty if there is none of this id."""
    return next((board.slug for board in all_boards() if board.id == board_id), "")


def uses_math(board_id: int) -> bool:
    """Whether the texts on a board may have formulas."""
    return db.session.get_one(Board, board_id).uses_math


def board_has_math(slug: str) -> bool:
    """Whether the texts on the board at an address may have formulas."""
    return any(board.uses_math for board in all_boards() if board.slug == slug)


def asks_before_vote(board_id: int) -> bool:
    """Whether pages ask before a vote on a board counts."""
    return any(board.asks_before_vote for board in all_boards() if board.id == board_id)


def boards_of(kind: str, actor: Actor) -> list[Row]:
    """The boards of a kind that the actor may see, in order."""
    return [board for board in visible_boards(actor) if board.kind == kind]


def locate_page_start(board_ids: list[int], offset: int) -> tuple[datetime | None, int]:
    """Where the post at `offset` of these boards, newest first, is found, by the counts of months and days.

    Returns a moment before which it was written, and the number of rows to skip from there: fewer than one day has.
    For small offsets the moment is None and all rows are skipped.
    """
    if offset <= MAX_PLAIN_OFFSET:
        return None, offset
    months = _month_counts_cache()
    key = tuple(board_ids)
    if key not in months:
        months[key] = _period_counts(board_ids, 190001, 999912)
    month, remaining = _find_period(months[key], offset)
    if month is None:
        return None, offset
    day, remaining = _find_period(_period_counts(board_ids, month * 100, month * 100 + 99), remaining)
    if day is None:
        return None, offset
    return _end_of_day(day), remaining


_PERIOD_COUNTS = (
    select(BoardPeriod.period, func.sum(BoardPeriod.post_count).label("count"))
    .where(
        BoardPeriod.board_id.in_(bindparam("boards", expanding=True)),
        BoardPeriod.period.between(bindparam("first"), bindparam("last")),
    )
    .group_by(BoardPeriod.period)
    .order_by(BoardPeriod.period.desc())
)


@ttl_cache(seconds=2)
def _month_counts_cache() -> dict[tuple[int, ...], Sequence[Row]]:
    """Numbers of posts per month, by the ids of the boards, for lists of the last two seconds."""
    return {}


def _period_counts(board_ids: list[int], first: int, last: int) -> Sequence[Row]:
    return db.rows(_PERIOD_COUNTS, {"boards": board_ids, "first": first, "last": last})


def _find_period(periods: Sequence[Row], offset: int) -> tuple[int | None, int]:
    """The period that contains the post at `offset`, and its offset within that period."""
    for period, count in periods:
        if offset < count:
            return period, offset
        offset -= int(count)
    return None, offset


def clear_board_caches() -> None:
    """Clear the caches of boards and their numbers of posts."""
    _boards_cache.clear()
    _month_counts_cache.clear()
    _restricted_boards.clear()


def _end_of_day(day: int) -> datetime:
    return datetime(day // 10000, day // 100 % 100, day % 100, tzinfo=UTC) + timedelta(days=1)
