"""The author of a post, comment or message as pages show them."""

from dataclasses import dataclass

from sqlalchemy import Row

from madang.accounts.queries.users import avatar_url, shown_name
from madang.core.actor import GUEST


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a post or comment, as pages show them.

    `username` is None where there is no profile: for deleted accounts, guests and imported names, which have no role.
    """

    username: str | None
    display_name: str | None
    avatar_url: str | None
    role: str = ""
    reputation: int | None = None
    question_count: int = 0
    answer_count: int = 0
    accepted_count: int = 0


def author_of(row: Row) -> Author:
    """The author of a row with the `AUTHOR_COLUMNS` columns."""
    if row.author_username is None or row.author_is_deleted:
        return Author(None, row.author_name, None)
    if row.author_role == GUEST:
        return Author(None, shown_name(row.author_username, "", GUEST), None)
    counts = {
        name: getattr(row, f"author_{name}", 0)
        for name in ("reputation", "question_count", "answer_count", "accepted_count")
    }
    picture = avatar_url(row.author_avatar_file)
    return Author(row.author_username, row.author_display_name, picture, row.author_role, **counts)
