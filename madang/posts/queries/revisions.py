"""Find the revisions of a post."""

from sqlalchemy import Row, func, null, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.core.db import db
from madang.core.db.pagination import Page
from madang.core.errors import NotFound

from ..models import Post, Revision


def revision_count(post: Post) -> int:
    """The number of revisions of a post; 0 if it was never edited."""
    return db.session.scalar(select(func.count()).where(Revision.post_id == post.id)) or 0


def revision_rows(post: Post, page: Page) -> list[Row]:
    """One page of revisions with their authors, the newest first, and one more to compare the last with."""
    rows = (
        select(
            Revision.id,
            Revision.number,
            Revision.title,
            Revision.body,
            Revision.tag_names,
            Revision.summary,
            Revision.created_at,
            *AUTHOR_COLUMNS,
        )
        .outerjoin(User, User.id == Revision.author_id)
        .where(Revision.post_id == post.id)
        .order_by(Revision.number.desc())
    )
    return list(db.session.execute(rows.limit(page.size + 1).offset(page.offset)).all())


def get_revision(post: Post, number: int) -> Revision:
    """A revision of a post. Raises `NotFound`."""
    revision = db.session.scalar(select(Revision).where(Revision.post_id == post.id, Revision.number == number))
    if revision is None:
        raise NotFound
    return revision


_Previous = aliased(Revision)
_PREVIOUS_BODY = (
    select(_Previous.body)
    .where(_Previous.post_id == Revision.post_id, _Previous.number < Revision.number)
    .order_by(_Previous.number.desc())
    .limit(1)
    .scalar_subquery()
)
_ROWS = select(
    Revision.number,
    Revision.title,
    Revision.tag_names,
    Revision.summary,
    Revision.created_at,
    null().label("author_name"),
    *AUTHOR_COLUMNS,
).outerjoin(User, User.id == Revision.author_id)


def revisions_before(post_id: int, number: int | None, limit: int) -> list[Row]:
    """The next revisions of a post with a number below `number`, the newest first."""
    rows = _ROWS.where(Revision.post_id == post_id)
    if number is not None:
        rows = rows.where(Revision.number < number)
    return list(db.rows(rows.order_by(Revision.number.desc()).limit(limit)))


def get_revision_row(post_id: int, number: int) -> Row:
    """A revision with the body of the previous one as `previous_body`. Raises `NotFound`."""
    rows = _ROWS.add_columns(Revision.body, _PREVIOUS_BODY.label("previous_body"))
    row = next(iter(db.rows(rows.where(Revision.post_id == post_id, Revision.number == number))), None)
    if row is None:
        raise NotFound
    return row
