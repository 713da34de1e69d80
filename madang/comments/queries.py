"""Find comments by id, by post, and by key."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, Row, bindparam, func, select

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.ordering import Key, Keyset
from madang.core.errors import Gone, NotFound
from madang.posts.models import Post
from madang.posts.policies import can_undo_deletion
from madang.posts.queries.posts import get_post, require_visible_post

from .models import COMMENT_DELETED, COMMENT_VISIBLE, Comment

INITIAL_COMMENT_COUNT = 5
OLDEST_FIRST = Keyset(Comment.created_at, Comment.id)  # the order of the comments of a post

# `is_deleted` is named as on the entity, so that policies accept the row too.
_ROWS = select(
    Comment.id,
    Comment.post_id,
    Comment.parent_id,
    Comment.author_id,
    Comment.author_name,
    Comment.body_html,
    Comment.score,
    Comment.created_at,
    Comment.edited_at,
    (Comment.state == COMMENT_DELETED).label("is_deleted"),
    *AUTHOR_COLUMNS,
).outerjoin(User, User.id == Comment.author_id)
_VISIBLE_OF_POSTS = (Comment.post_id.in_(bindparam("post_ids", expanding=True)), Comment.state == COMMENT_VISIBLE)
_ORDER = (Comment.post_id, *OLDEST_FIRST.order_by)
_OF_POSTS = _ROWS.where(*_VISIBLE_OF_POSTS).order_by(*_ORDER)
_POSITION = func.row_number().over(partition_by=Comment.post_id, order_by=OLDEST_FIRST.order_by)
_NUMBERED = select(Comment.id, _POSITION.label("place")).where(*_VISIBLE_OF_POSTS).subquery()
_FIRST_OF_POSTS = (
    _ROWS.join(_NUMBERED, _NUMBERED.c.id == Comment.id)
    .where((_NUMBERED.c.place <= bindparam("first", type_=Integer)) | Comment.id.in_(bindparam("also", expanding=True)))
    .order_by(*_ORDER)
)

# The same with the Markdown, for the API.
_FULL_ROWS = _ROWS.add_columns(Comment.body)
_FULL_BY_ID = _FULL_ROWS.where(Comment.id == bindparam("id"))


def get_comment(comment_id: int, actor: Actor) -> Comment:
    """The comment. Raises `NotFound` if the actor cannot see it, and as `get_post` does for its post."""
    comment = db.session.get(Comment, comment_id)
    if comment is None or (comment.is_deleted and not actor.is_staff):
        raise NotFound
    get_post(comment.post_id, actor)  # not `require_visible_post`: what follows needs the entity anyway
    return comment


def get_restorable_comment(comment_id: int, actor: Actor, now: datetime) -> Comment:
    """As `get_comment`, but also the actor's own comment whose deletion they can undo."""
    comment = db.session.get(Comment, comment_id)
    if comment is None or not can_undo_deletion(actor, comment, now):
        return get_comment(comment_id, actor)
    get_post(comment.post_id, actor)
    return comment


def get_comment_row(comment_id: int, actor: Actor) -> Row:
    """The comment as a row for the API, with its Markdown. Raises as `get_comment` does."""
    row = next(iter(db.rows(_FULL_BY_ID, {"id": comment_id})), None)
    if row is None or (row.is_deleted and not actor.is_staff):
        raise NotFound
    require_visible_post(row.post_id, actor)
    return row


def find_comment_row(comment_id: int, actor: Actor) -> Row | None:
    """The comment as a row for the API, or None if the actor cannot see it."""
    try:
        return get_comment_row(comment_id, actor)
    except (NotFound, Gone):
        return None


def comments_of_post_after(post_id: int, after: Key | None, limit: int) -> list[Row]:
    """The next visible comments of a post after a key, `OLDEST_FIRST`."""
    rows = _FULL_ROWS.where(Comment.post_id == post_id, Comment.state == COMMENT_VISIBLE)
    return list(db.rows(OLDEST_FIRST.select_after(rows, after, limit)))


def is_shown_initially(comment: Comment, post: Post) -> bool:
    """Whether a comment is among the first `INITIAL_COMMENT_COUNT` of its post, which its page shows unexpanded."""
    if post.comment_count <= INITIAL_COMMENT_COUNT:
        return True
    is_earlier = OLDEST_FIRST.is_before(OLDEST_FIRST.key_of(comment))
    earlier_count = select(func.count()).where(Comment.post_id == post.id, Comment.state == COMMENT_VISIBLE, is_earlier)
    return (db.session.scalar(earlier_count) or 0) < INITIAL_COMMENT_COUNT


def comments_of_posts(post_ids: list[int], first: int | None = None, also: Sequence[int] = ()) -> dict[int, list[Row]]:
    """The visible comments of each post, or its first `first` and the ids `also`; replies follow their parent."""
    if not post_ids:
        return {}
    values = {"post_ids": post_ids, "first": first, "also": also}
    rows = db.rows(_OF_POSTS if first is None else _FIRST_OF_POSTS, values)
    comments: dict[int, list[Row]] = {post_id: [] for post_id in post_ids}
    replies: dict[int, list[Row]] = {}
    ids = {row.id for row in rows}
    for row in rows:
        if row.parent_id in ids:
            replies.setdefault(row.parent_id, []).append(row)
    for row in rows:
        if row.parent_id not in ids:
            comments[row.post_id] += [row, *replies.get(row.id, [])]
    return comments
