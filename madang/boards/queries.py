"""Find boards, and locate the start of a numbered page of their posts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, bindparam, func, select

from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.i18n import current_locale
from madang.core.text import slugify
from madang.core.ttl_cache import ttl_cache

from .models import Board, BoardPeriod

MAX_PLAIN_OFFSET = 300


def nav_boards() -> list[Row]:
    """All boards in order, as rows for the navigation of every page, named in the current language."""
    boards, locale = _nav_boards_cache(), current_locale()
    if locale not in boards:
        boards[locale] = _nav_boards()
    return boards[locale]


@ttl_cache(seconds=2)
def _nav_boards_cache() -> dict[str, list[Row]]:
    """The rows of `nav_boards` by language, for pages of the last two seconds."""
    return {}


def _nav_boards() -> list[Row]:
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
    )
    return list(db.session.execute(columns.order_by(Board.position, Board.id)).all())


def get_board(slug: str) -> Board:
    """The board at `/boards/<slug>`. Raises `NotFound`."""
    is_slug = slug == slugify(slug)  # PostgreSQL raises an error for some other strings
    board = db.session.scalar(select(Board).where(Board.slug == slug)) if is_slug else None
    if board is None:
        raise NotFound
    return board


def slug_of(board_id: int) -> str:
    """The address of a board, empty if there is none of this id."""
    return next((board.slug for board in nav_boards() if board.id == board_id), "")


def uses_math(board_id: int) -> bool:
    """Whether the texts on a board may have formulas."""
    return db.session.get_one(Board, board_id).uses_math


def asks_before_vote(board_id: int) -> bool:
    """Whether pages ask before a vote on a board counts."""
    return any(board.asks_before_vote for board in nav_boards() if board.id == board_id)


def boards_of(kind: str) -> list[Row]:
    """The boards of a kind, in order."""
    return [board for board in nav_boards() if board.kind == kind]


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
    _nav_boards_cache.clear()
    _month_counts_cache.clear()


def _end_of_day(day: int) -> datetime:
    return datetime(day // 10000, day // 100 % 100, day % 100, tzinfo=UTC) + timedelta(days=1)
