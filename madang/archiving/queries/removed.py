"""What stopped being public since a moment: deleted posts, comments and accounts, and the pages that showed them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import BindParameter, Integer, Row, bindparam, func, or_, select

from madang.accounts.models import User
from madang.comments.models import Comment
from madang.core.db import db
from madang.core.db.types import UtcDateTime
from madang.posts.models import Post, PostLink
from madang.tags.models import Tag

from .public import Parent

T = TypeVar("T")
IDS_AT_ONCE = 500
_SINCE = bindparam("since", type_=UtcDateTime())
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
_PAGE = func.coalesce(Post.parent_id, Post.id, type_=Integer).label("page_id")
_POSTS = (
    select(Post.id, _PAGE, Post.board_id, Post.author_id, Post.tag_names, Post.deleted_at, User.deleted_at)
    .outerjoin(Parent, Parent.id == Post.parent_id)
    .outerjoin(User, User.id == Post.author_id)
    .where(or_(Post.deleted_at >= _SINCE, Parent.deleted_at >= _SINCE, User.deleted_at >= _SINCE))
)
_COMMENTS = (
    select(Comment.id, _PAGE, Comment.deleted_at, User.deleted_at)
    .join(Post, Post.id == Comment.post_id)
    .outerjoin(User, User.id == Comment.author_id)
    .where(or_(Comment.deleted_at >= _SINCE, User.deleted_at >= _SINCE))
)
_PEOPLE = select(User.id, User.deleted_at).where(User.deleted_at >= _SINCE)
_LINKING = (
    select(_PAGE)
    .distinct()
    .select_from(PostLink)
    .join(Post, Post.id == PostLink.post_id)
    .where(PostLink.related_post_id.in_(_IDS))
)
_TAGS = select(Tag.id).where(Tag.name.in_(_NAMES))


def removed_posts(since: datetime) -> Sequence[Row]:
    """The posts and answers that were deleted since, or whose question or author was; with the page of each."""
    return db.rows(_POSTS, {"since": since})


def removed_comments(since: datetime) -> Sequence[Row]:
    """The comments that were deleted since, or whose author was; with the page of each."""
    return db.rows(_COMMENTS, {"since": since})


def removed_people(since: datetime) -> Sequence[Row]:
    """The accounts that were deleted since."""
    return db.rows(_PEOPLE, {"since": since})


def pages_linking_to(post_ids: Iterable[int]) -> set[int]:
    """The pages with a text that links to one of these posts."""
    return {row[0] for ids in _portions(post_ids) for row in db.rows(_LINKING, {"ids": ids})}


def ids_of_tags(names: Iterable[str]) -> set[int]:
    return {row[0] for some in _portions(names) for row in db.rows(_TAGS, {"names": some})}


def _portions(values: Iterable[T]) -> Iterator[list[T]]:
    """Values in lists that a statement can have."""
    every = list(values)
    return (every[start : start + IDS_AT_ONCE] for start in range(0, len(every), IDS_AT_ONCE))
