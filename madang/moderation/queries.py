"""Finding flags: one's own, and what waits for the moderators."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, case, func, null, or_, select, true
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR
from madang.comments.models import DELETED as COMMENT_DELETED
from madang.comments.models import Comment
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.posts.models import DELETED, Post

from .models import Flag
from .policies import can_resolve_flags

PER_PAGE = 20
SHOWN_OF_ONE = 20  # of the flags of one thing
Thing = Post | Comment
Place = tuple[int | None, int | None]  # the number of a post, or else that of a comment
IS_OPEN = Flag.is_open == true()

Newer = aliased(Flag)
Question = aliased(Post)
_IS_COMMENT = Flag.comment_id.is_not(None)
_LATEST = (  # two conditions, each of which finds its rows in an index
    IS_OPEN,
    *(
        ~select(Newer.id).where(same, Newer.is_open == true(), Newer.id > Flag.id).exists()
        for same in (Newer.post_id == Flag.post_id, Newer.comment_id == Flag.comment_id)
    ),
)
_THINGS = (
    select(
        Flag.id,
        Flag.post_id,
        Flag.comment_id,
        Flag.created_at.label("flagged_at"),
        Post.id.label("on_post_id"),
        case((_IS_COMMENT, "comment"), else_=Post.kind).label("kind"),
        case((Post.parent_id.is_not(None), Question.title), else_=Post.title).label("title"),
        case((_IS_COMMENT, Comment.body), else_=Post.excerpt).label("excerpt"),
        case((_IS_COMMENT, Comment.state == COMMENT_DELETED), else_=Post.state == DELETED).label("is_deleted"),
        case((_IS_COMMENT, Comment.created_at), else_=Post.created_at).label("written_at"),
        case((_IS_COMMENT, Comment.author_name), else_=Post.author_name).label("author_name"),
        User.role.label("author_role"),
        *AUTHOR,
    )
    .outerjoin(Comment, Comment.id == Flag.comment_id)
    .join(Post, Post.id == func.coalesce(Flag.post_id, Comment.post_id))
    .outerjoin(Question, Question.id == Post.parent_id)
    .outerjoin(User, User.id == case((_IS_COMMENT, Comment.author_id), else_=Post.author_id))
    .where(*_LATEST)
    .order_by(Flag.id.desc())
)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A thing that waits for the moderators: what it is, how many flagged it for which reason, the latest flags."""

    row: Row
    counts: dict[str, int]
    flags: list[Row]

    @property
    def flag_count(self) -> int:
        return sum(self.counts.values())


def column_of(thing: Thing) -> Any:
    """The column by which flags name things of this sort."""
    return Flag.post_id if isinstance(thing, Post) else Flag.comment_id


def open_on(thing: Thing) -> Any:
    """The condition of the open flags of a thing."""
    return (column_of(thing) == thing.id) & IS_OPEN


def find_open_flag(thing: Thing, actor: Actor) -> Flag | None:
    """One's own flag that nobody has decided about yet."""
    return db.session.scalar(select(Flag).where(open_on(thing), Flag.flagger_id == actor.id))


def get_open_flag(thing: Thing, actor: Actor) -> Flag:
    """The same. Raises `NotFound` where there is none."""
    flag = find_open_flag(thing, actor)
    if flag is None:
        raise NotFound
    return flag


def waiting_count(actor: Actor) -> int:
    """How many things wait for the moderators. Raises `NotFound` for everybody else."""
    _require_settler(actor)
    return db.session.scalar(select(func.count()).select_from(Flag).where(*_LATEST)) or 0


def waiting_rows(actor: Actor, before: int | None, limit: int) -> list[Row]:
    """Things with open flags, whichever was flagged last first; `before` is the latest flag of the page's last one.

    Raises `NotFound` for whoever moderates nothing.
    """
    _require_settler(actor)
    things = _THINGS if before is None else _THINGS.where(Flag.id < before)
    return list(db.session.execute(things.limit(limit)).all())


def _require_settler(actor: Actor) -> None:
    if not can_resolve_flags(actor):
        raise NotFound


def with_flags(rows: Sequence[Row]) -> list[Flagged]:
    """Rows of things with their flags."""
    counts: dict[Place, dict[str, int]] = {(row.post_id, row.comment_id): {} for row in rows}
    flags: dict[Place, list[Row]] = {place: [] for place in counts}
    for flag in db.session.execute(_counts(rows)) if rows else ():
        counts[flag.post_id, flag.comment_id][flag.reason] = flag.number
    for flag in db.session.execute(_latest_flags(rows)) if rows else ():
        flags[flag.post_id, flag.comment_id].append(flag)
    return [Flagged(row, counts[row.post_id, row.comment_id], flags[row.post_id, row.comment_id]) for row in rows]


def _of(rows: Sequence[Row]) -> Any:
    posts = Flag.post_id.in_([row.post_id for row in rows if row.post_id])
    comments = Flag.comment_id.in_([row.comment_id for row in rows if row.comment_id])
    return or_(posts, comments) & IS_OPEN


def _counts(rows: Sequence[Row]) -> Select:
    each = (Flag.post_id, Flag.comment_id, Flag.reason)
    number = func.count().label("number")
    return select(*each, number).where(_of(rows)).group_by(*each).order_by(number.desc(), Flag.reason)


def _latest_flags(rows: Sequence[Row]) -> Select:
    order = func.row_number().over(partition_by=(Flag.post_id, Flag.comment_id), order_by=Flag.id.desc())
    placed = select(Flag.id, order.label("place")).where(_of(rows)).subquery()
    columns = (Flag.id, Flag.post_id, Flag.comment_id, Flag.reason, Flag.note, Flag.created_at)
    flagger = (null().label("author_name"), User.role.label("author_role"), *AUTHOR)
    flags = select(*columns, *flagger).join(placed, placed.c.id == Flag.id).join(User, User.id == Flag.flagger_id)
    return flags.where(placed.c.place <= SHOWN_OF_ONE).order_by(Flag.id.desc())
