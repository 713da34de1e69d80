"""Create boards without a check of permission, and adjust their counters."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from madang.core.db import add_to, after_commit, db, increase
from madang.core.errors import raise_if_invalid
from madang.core.i18n import _
from madang.core.text import clean_line, slugify

from ..models import BOARD_KINDS, DESCRIPTION_MAX, NAME_MAX, SLUG_MAX, Board, BoardPeriod
from ..queries import clear_board_caches


def insert_board(
    *, slug: str, kind: str, name: str, description: str = "", position: int | None = None, now: datetime
) -> Board:
    """Create a board, without `position` after the others. Raises as `check_board` does."""
    slug, name, description = check_board(slug=slug, kind=kind, name=name, description=description)
    if position is None:
        position = (db.session.scalar(select(func.max(Board.position))) or 0) + 1
    board = Board(slug=slug, kind=kind, name=name, description=description, position=position, created_at=now)
    db.session.add(board)
    db.session.flush()
    after_commit(clear_board_caches)
    return board


def check_board(
    *, slug: str, kind: str, name: str, description: str, exclude_id: int | None = None, **other_errors: str | None
) -> tuple[str, str, str]:
    """Clean and check the address, name and description of a board, and return them.

    `exclude_id` is the board that may have the address already. Raises `InvalidInput` with an error for every wrong
    field, including `other_errors` (field name -> error message or None).
    """
    slug, name, description = slugify(slug)[:SLUG_MAX], clean_line(name), clean_line(description)
    owner_id = db.session.scalar(select(Board.id).where(Board.slug == slug))
    is_free = slug and owner_id in (None, exclude_id)
    raise_if_invalid(
        slug=None if is_free else _("Please choose another address: this one is empty or in use."),
        kind=None if kind in BOARD_KINDS else _("Please choose one of the four kinds of board."),
        name=None if 1 <= len(name) <= NAME_MAX else _("Names have 1 to %(count)s characters.", count=NAME_MAX),
        description=None
        if len(description) <= DESCRIPTION_MAX
        else _("Descriptions have at most %(count)s characters.", count=DESCRIPTION_MAX),
        **other_errors,
    )
    return slug, name, description


def insert_first_boards(now: datetime) -> list[Board]:
    """Create the three boards of a new site, named in the current language."""
    boards = (
        ("notice", "notice", _("Notices"), _("What everybody should know.")),
        ("qa", "qa", _("Questions and answers"), _("Say exactly where you are stuck. Somebody has been there before.")),
        ("talk", "talk", _("Talk"), _("About everything else.")),
    )
    return [
        insert_board(slug=slug, kind=kind, name=name, description=description, position=position, now=now)
        for position, (slug, kind, name, description) in enumerate(boards)
    ]


def count_post(board_id: int, created_at: datetime, by: int) -> None:
    """Add `by` to the numbers of posts of a board and of the month and day of `created_at`."""
    add_to(Board, board_id, post_count=by)
    moment = created_at.astimezone(UTC)
    month = moment.year * 100 + moment.month
    for period in (month, month * 100 + moment.day):
        increase(BoardPeriod, {"board_id": board_id, "period": period}, "post_count", by)
    after_commit(clear_board_caches)


def count_unanswered(board_id: int, by: int) -> None:
    """Add `by` to the number of unanswered questions of a board."""
    add_to(Board, board_id, unanswered_count=by)
    after_commit(clear_board_caches)
