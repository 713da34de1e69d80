"""Documents of the search index, built from the rows of posts, comments and people."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.comments.models import COMMENT_VISIBLE, Comment
from madang.core.db import db
from madang.core.markdown.sanitizer import plain_text
from madang.posts.models import VISIBLE, Post

from ..models import COMMENT, PERSON, document_id, person_document_id
from ..queries.fulltext import dialect
from ..queries.tokenizer import dialect_token, tokens

Document = dict[str, Any]
Parent = aliased(Post)
_AUTHOR = (User.username, User.display_name, User.deleted_at)


def index_text(text: str) -> str:
    """The tokens of `text`, separated by spaces, as this database indexes them."""
    name = dialect()
    return " ".join(dialect_token(token, name) for token in tokens(text))


def author_text(row: Row) -> str:
    """Username and display name of an author, or the imported name of one without an account."""
    if row.username is None or row.deleted_at is not None:
        return getattr(row, "author_name", None) or ""
    return f"{row.username} {row.display_name}"


# Built once: building a statement costs more than running it.
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_POSTS = (
    select(Post.id, Post.parent_id, Post.kind, Post.title, Post.body_html, Post.author_name, Post.created_at, *_AUTHOR)
    .outerjoin(User, User.id == Post.author_id)
    .outerjoin(Parent, Parent.id == Post.parent_id)
    .where(Post.id.in_(_IDS), Post.state == VISIBLE, Parent.id.is_(None) | (Parent.state == VISIBLE))
)
_COMMENTS = (
    select(
        Comment.id,
        Comment.body_html,
        Comment.author_name,
        Comment.created_at,
        Post.id.label("post_id"),
        Post.parent_id,
        *_AUTHOR,
    )
    .join(Post, Post.id == Comment.post_id)
    .outerjoin(User, User.id == Comment.author_id)
    .outerjoin(Parent, Parent.id == Post.parent_id)
    .where(
        Comment.id.in_(_IDS),
        Comment.state == COMMENT_VISIBLE,
        Post.state == VISIBLE,
        Parent.id.is_(None) | (Parent.state == VISIBLE),
    )
)
_PEOPLE = select(User.id, User.username, User.display_name, User.created_at).where(User.id.in_(_IDS), User.is_account())


def post_documents(post_ids: Sequence[int]) -> list[Document]:
    """The documents of those of the posts that are public."""
    return _sorted(
        _document(
            row,
            id=document_id(row.created_at, row.id, is_comment=False),
            post_id=row.id,
            page_post_id=row.parent_id or row.id,
            kind=row.kind,
            title_tokens=index_text(row.title),
        )
        for row in db.rows(_POSTS, {"ids": post_ids})
    )


def comment_documents(comment_ids: Sequence[int]) -> list[Document]:
    """The documents of those of the comments that are public."""
    return _sorted(
        _document(
            row,
            id=document_id(row.created_at, row.id, is_comment=True),
            comment_id=row.id,
            page_post_id=row.parent_id or row.post_id,
            kind=COMMENT,
        )
        for row in db.rows(_COMMENTS, {"ids": comment_ids})
    )


def person_documents(user_ids: Sequence[int]) -> list[Document]:
    """The documents, which hold the names, of those people whose accounts exist."""
    return _sorted(
        {
            **_EMPTY,
            "id": person_document_id(row.id),
            "user_id": row.id,
            "kind": PERSON,
            "created_at": row.created_at,
            "title_tokens": index_text(f"{row.username} {row.display_name}"),
        }
        for row in db.rows(_PEOPLE, {"ids": user_ids})
    )


_EMPTY: Document = {
    "post_id": None, "comment_id": None, "user_id": None, "page_post_id": None,
    "author_tokens": "", "title_tokens": "", "body_tokens": "",
}  # fmt: skip


def _document(row: Row, **columns: object) -> Document:
    tokens = {"author_tokens": index_text(author_text(row)), "body_tokens": index_text(plain_text(row.body_html))}
    return {**_EMPTY, "created_at": row.created_at, **tokens, **columns}


def _sorted(documents: Iterable[Document]) -> list[Document]:
    """Sort by id: FTS5 flushes its pending index to disk whenever a smaller id follows a larger one."""
    return sorted(documents, key=lambda document: document["id"])
