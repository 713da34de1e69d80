"""Query a person's own flags, and the moderators' queue of flagged posts and comments."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, case, func, null, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.boards.queries import hidden_board_ids
from madang.comments.models import COMMENT_DELETED, Comment
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.posts.models import DELETED, Post
from madang.posts.queries.visibility import on_visible_boards

from .models import DELETION, Flag
from .policies import can_resolve_flags

PER_PAGE = 20
MAX_FLAGS_SHOWN = 20  # per post or comment
Flaggable = Post | Comment
SubjectKey = tuple[int | None, int | None]  # (post id, None) or (None, comment id)
IS_OPEN = Flag.is_open == true()

Newer = aliased(Flag)
Question = aliased(Post)
_IS_COMMENT = Flag.comment_id.is_not(None)
_LATEST = (  # two conditions, since each uses an index
    IS_OPEN,
    *(
        ~select(Newer.id).where(on_same_subject, Newer.is_open == true(), Newer.id > Flag.id).exists()
        for on_same_subject in (Newer.post_id == Flag.post_id, Newer.comment_id == Flag.comment_id)
    ),
)
_FLAGGED = (
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
        *AUTHOR_COLUMNS,
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
    """A post or comment with open flags or a request for its deletion: its row, their number by reason, the latest."""

    row: Row
    counts: dict[str, int]
    flags: list[Row]

    @property
    def flag_count(self) -> int:
        return sum(self.counts.values())

    @property
    def is_flagged(self) -> bool:
        """Whether there is a flag, and not only the request of its author to delete it."""
        return self.counts.keys() != {DELETION}

    @property
    def is_deletion_requested(self) -> bool:
        return DELETION in self.counts


def subject_column(subject: Flaggable) -> InstrumentedAttribute[int | None]:
    """The column of `Flag` that refers to this kind of subject."""
    return Flag.post_id if isinstance(subject, Post) else Flag.comment_id


def is_open_on(subject: Flaggable) -> ColumnElement[bool]:
    """Condition: the flag is open and on this subject."""
    return (subject_column(subject) == subject.id) & IS_OPEN


def is_flag_on(subject: Flaggable) -> ColumnElement[bool]:
    """Condition: the flag is open, on this subject, and no request for deletion."""
    return is_open_on(subject) & (Flag.reason != DELETION)


def is_request_on(post: Post) -> ColumnElement[bool]:
    """Condition: an open request for the deletion of this post. There is at most one, since only its author asks."""
    return is_open_on(post) & (Flag.reason == DELETION)


def find_deletion_request(post: Post, actor: Actor) -> Flag | None:
    """The actor's latest request for the deletion of a post, open or decided, or None."""
    requests = select(Flag).where(Flag.post_id == post.id, Flag.reason == DELETION, Flag.flagger_id == actor.id)
    return db.session.scalar(requests.order_by(Flag.id.desc()).limit(1))


def get_deletion_request(post: Post, actor: Actor) -> Flag:
    """As `find_deletion_request`. Raises `NotFound` if there is none."""
    request = find_deletion_request(post, actor)
    if request is None:
        raise NotFound
    return request


def find_open_flag(subject: Flaggable, actor: Actor) -> Flag | None:
    """Return the actor's open flag on a subject, or None."""
    return db.session.scalar(select(Flag).where(is_flag_on(subject), Flag.flagger_id == actor.id))


def get_open_flag(subject: Flaggable, actor: Actor) -> Flag:
    """Return the actor's open flag on a subject. Raises `NotFound` if there is none."""
    flag = find_open_flag(subject, actor)
    if flag is None:
        raise NotFound
    return flag


def flagged_count(actor: Actor) -> int:
    """Count the visible posts and comments with open flags. Raises `NotFound` unless the actor moderates."""
    _require_moderator(actor)
    if not hidden_board_ids(actor):
        return db.session.scalar(select(func.count()).select_from(Flag).where(*_LATEST)) or 0
    visible = on_visible_boards(_FLAGGED.order_by(None), actor)
    return db.session.scalar(select(func.count()).select_from(visible.subquery())) or 0


def flagged_rows(actor: Actor, before: int | None, limit: int) -> list[Row]:
    """A page of posts and comments with open flags that the actor may see, the latest flag first.

    `before` is the id of the last row of the previous page. Raises `NotFound` unless the actor moderates.
    """
    _require_moderator(actor)
    flagged = _FLAGGED if before is None else _FLAGGED.where(Flag.id < before)
    return list(db.session.execute(on_visible_boards(flagged, actor).limit(limit)).all())


def _require_moderator(actor: Actor) -> None:
    if not can_resolve_flags(actor):
        raise NotFound


def load_flags(rows: Sequence[Row]) -> list[Flagged]:
    """Combine rows of `flagged_rows` with their flags."""
    counts: dict[SubjectKey, dict[str, int]] = {(row.post_id, row.comment_id): {} for row in rows}
    flags: dict[SubjectKey, list[Row]] = {key: [] for key in counts}
    for flag in db.session.execute(_select_counts(rows)) if rows else ():
        counts[flag.post_id, flag.comment_id][flag.reason] = flag.number
    for flag in db.session.execute(_select_latest_flags(rows)) if rows else ():
        flags[flag.post_id, flag.comment_id].append(flag)
    return [Flagged(row, counts[row.post_id, row.comment_id], flags[row.post_id, row.comment_id]) for row in rows]


def _is_open_on_any(rows: Sequence[Row]) -> ColumnElement[bool]:
    posts = Flag.post_id.in_([row.post_id for row in rows if row.post_id])
    comments = Flag.comment_id.in_([row.comment_id for row in rows if row.comment_id])
    return or_(posts, comments) & IS_OPEN


def _select_counts(rows: Sequence[Row]) -> Select:
    columns = (Flag.post_id, Flag.comment_id, Flag.reason)
    number = func.count().label("number")
    return select(*columns, number).where(_is_open_on_any(rows)).group_by(*columns).order_by(number.desc(), Flag.reason)


def _select_latest_flags(rows: Sequence[Row]) -> Select:
    recency = func.row_number().over(partition_by=(Flag.post_id, Flag.comment_id), order_by=Flag.id.desc())
    ranked = select(Flag.id, recency.label("recency")).where(_is_open_on_any(rows)).subquery()
    columns = (Flag.id, Flag.post_id, Flag.comment_id, Flag.reason, Flag.note, Flag.created_at)
    flagger = (null().label("author_name"), *AUTHOR_COLUMNS)
    flags = select(*columns, *flagger).join(ranked, ranked.c.id == Flag.id).join(User, User.id == Flag.flagger_id)
    return flags.where(ranked.c.recency <= MAX_FLAGS_SHOWN).order_by(Flag.id.desc())
