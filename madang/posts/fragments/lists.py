"""The rows of lists of posts, and the tiles of a gallery."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy import Row

from madang.core.clock import now
from madang.core.i18n import ago
from madang.core.web.fragment_cache import fragment

NEW_QUESTION_AGE = timedelta(days=1)
Reason = tuple[str, str, str]


class PostRowContext(NamedTuple):
    """A row of a list as its template reads it; `age` is only part of the cache key.

    `more_answers` is the number of further answers to the same question that a row of a feed stands for.
    """

    row: Row
    number: int | None
    is_new: bool
    reason: Reason | None
    age: str
    more_answers: int


def tile_fragments(rows: Iterable[Row]) -> Markup:
    """The tiles of a gallery page."""
    moment = now()
    pieces = (fragment("posts/row.html", "tile", row, ago(row.created_at, moment)) for row in rows)
    return Markup("".join(pieces))  # noqa: S704  (fragments)


def row_fragments(
    rows: Iterable[Row],
    first_number: int | None = None,
    reasons: Sequence[Reason | None] = (),
    more_answers: Sequence[int] = (),
) -> Markup:
    """The rows of a list; `first_number` numbers the first row, and the following rows count down.

    `reasons` give for each row of a feed why it is there: kind, name and address of what the reader follows, and
    `more_answers` how many further answers to the same question it stands for.
    """
    moment = now()
    pieces: list[str] = []
    for position, row in enumerate(rows):
        number = None if first_number is None else first_number - position
        is_new = row.kind == "question" and row.answer_count == 0 and moment - row.created_at < NEW_QUESTION_AGE
        reason = reasons[position] if reasons else None
        more = more_answers[position] if more_answers else 0
        shown = PostRowContext(row, number, is_new, reason, ago(row.created_at, moment), more)
        pieces.append(fragment("posts/row.html", "row", shown, key=(tuple(row), *shown[1:])))
    return Markup("".join(pieces))  # noqa: S704  (fragments)
