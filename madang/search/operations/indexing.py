"""Keeping the search index true to what was written. Everything here writes in the transaction of its cause."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Delete, bindparam, delete, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from madang.accounts.models import User
from madang.comments.models import Comment
from madang.core.db import db
from madang.posts.models import Post

from ..models import SearchDocument
from .documents import Document, author_text, comment_documents, indexed, person_documents, post_documents

BATCH = 200


def _batches(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    every = list(ids)
    return (every[start : start + BATCH] for start in range(0, len(every), BATCH))


def index_posts(post_ids: Iterable[int], *, are_new: bool = False) -> None:
    """Bring the documents of these posts up to date: written where the post is public, else taken away."""
    _replace(SearchDocument.post_id, post_ids, post_documents, are_new)


def index_comments(comment_ids: Iterable[int], *, are_new: bool = False) -> None:
    """Bring the documents of these comments up to date."""
    _replace(SearchDocument.comment_id, comment_ids, comment_documents, are_new)


def index_people(user_ids: Iterable[int], *, are_new: bool = False) -> None:
    """Bring the documents of these people, which hold their names, up to date."""
    _replace(SearchDocument.user_id, user_ids, person_documents, are_new)


def _replace(
    owner: InstrumentedAttribute[int | None],
    ids: Iterable[int],
    documents: Callable[[Sequence[int]], list[Document]],
    are_new: bool,
) -> None:
    """Write documents anew; of what has just been made there are none to take away."""
    for some in _batches(ids):
        if not are_new:
            db.write(_removal(owner.key), {"ids": some})
        if rows := documents(some):
            db.write(_INSERT, rows)


_DOCUMENTS: Any = SearchDocument.__table__
_INSERT = insert(_DOCUMENTS)


@cache
def _removal(owner: str) -> Delete:
    return delete(_DOCUMENTS).where(_DOCUMENTS.c[owner].in_(bindparam("ids", expanding=True)))


def index_thread(post_id: int) -> None:
    """Bring a post and everything under it up to date: after it went out of sight, or came back."""
    posts = db.session.scalars(select(Post.id).where((Post.id == post_id) | (Post.parent_id == post_id))).all()
    index_posts(posts)
    for some in _batches(posts):
        index_comments(db.session.scalars(select(Comment.id).where(Comment.post_id.in_(some))).all())


def index_author(user_id: int) -> None:
    """Let people, and what they wrote, be found by their present names; by none where they have left."""
    author = db.session.execute(
        select(User.username, User.display_name, User.deleted_at).where(User.id == user_id)
    ).one()
    names = indexed(author_text(author))
    _name_author(SearchDocument.post_id.in_(select(Post.id).where(Post.author_id == user_id)), names)
    _name_author(SearchDocument.comment_id.in_(select(Comment.id).where(Comment.author_id == user_id)), names)
    index_people([user_id])


def _name_author(theirs: ColumnElement[bool], names: str) -> None:
    change = update(SearchDocument).where(theirs).values(author_tokens=names)
    db.session.execute(change.execution_options(synchronize_session=False))


def index_next(part: str, after: int, limit: int = BATCH) -> int | None:
    """Bring the next `limit` posts, comments or people after the number `after` up to date.

    Returns the last one's number, or None if there was none left.
    """
    table, index = PARTS[part]
    ids = db.session.scalars(select(table.id).where(table.id > after).order_by(table.id).limit(limit)).all()
    index(ids)
    return ids[-1] if ids else None


PARTS: dict[str, tuple[type[Post] | type[Comment] | type[User], Callable[[Iterable[int]], None]]] = {
    "posts": (Post, index_posts),
    "comments": (Comment, index_comments),
    "people": (User, index_people),
}
