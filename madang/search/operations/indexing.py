"""Updates of the search index, in the transaction of the change that caused them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Delete, bindparam, delete, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from madang.accounts.models import User
from madang.comments.models import Comment
from madang.core.db import db
from madang.posts.models import Post

from ..models import SearchDocument
from .documents import Document, author_text, comment_documents, index_text, person_documents, post_documents

BATCH_SIZE = 200


def _batches(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    every = list(ids)
    return (every[start : start + BATCH_SIZE] for start in range(0, len(every), BATCH_SIZE))


def index_posts(post_ids: Iterable[int], *, are_new: bool = False) -> None:
    """Update the documents of these posts; removes those of posts that are not public.

    With `are_new` the posts have no documents yet, so none are removed first.
    """
    _replace(SearchDocument.post_id, post_ids, post_documents, are_new)


def index_comments(comment_ids: Iterable[int], *, are_new: bool = False) -> None:
    """Update the documents of these comments; see `index_posts`."""
    _replace(SearchDocument.comment_id, comment_ids, comment_documents, are_new)


def index_people(user_ids: Iterable[int], *, are_new: bool = False) -> None:
    """Update the documents of these people; see `index_posts`."""
    _replace(SearchDocument.user_id, user_ids, person_documents, are_new)


def _replace(
    owner: InstrumentedAttribute[int | None],
    ids: Iterable[int],
    build_documents: Callable[[Sequence[int]], list[Document]],
    are_new: bool,
) -> None:
    for batch in _batches(ids):
        if not are_new:
            db.write(_removal(owner.key), {"ids": batch})
        if documents := build_documents(batch):
            db.write(_INSERT, documents)


_DOCUMENTS = SearchDocument.__table__
_INSERT = insert(_DOCUMENTS)


@cache
def _removal(owner: str) -> Delete:
    return delete(_DOCUMENTS).where(_DOCUMENTS.c[owner].in_(bindparam("ids", expanding=True)))


def index_thread(post_id: int) -> None:
    """Update a post, its answers and all comments below, after the post was deleted or restored."""
    posts = db.session.scalars(select(Post.id).where((Post.id == post_id) | (Post.parent_id == post_id))).all()
    index_posts(posts)
    for batch in _batches(posts):
        index_comments(db.session.scalars(select(Comment.id).where(Comment.post_id.in_(batch))).all())


def index_author(user_id: int) -> None:
    """Update the person's document and the author names of their content; a deleted account has no names."""
    author = db.session.execute(
        select(User.username, User.display_name, User.deleted_at).where(User.id == user_id)
    ).one()
    names = index_text(author_text(author))
    _set_author(SearchDocument.post_id.in_(select(Post.id).where(Post.author_id == user_id)), names)
    _set_author(SearchDocument.comment_id.in_(select(Comment.id).where(Comment.author_id == user_id)), names)
    index_people([user_id])


def _set_author(condition: ColumnElement[bool], names: str) -> None:
    change = update(SearchDocument).where(condition).values(author_tokens=names)
    db.session.execute(change.execution_options(synchronize_session=False))


def index_next(part: str, after: int, limit: int = BATCH_SIZE) -> int | None:
    """Update the next `limit` rows of `part` (a key of `PARTS`) with ids above `after`.

    Returns the id of the last one, or None if no row was left.
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
