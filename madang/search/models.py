"""Table of the search index: one row of tokens for each post, comment and person."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, BigId, LongText, table_args

PERSON, COMMENT = "person", "comment"  # the other kinds are those of posts
_ROW_IDS = 2**29


class SearchDocument(Base):
    """The tokens of a post, a comment or a person, separated by spaces.

    `id` is computed by `document_id`. `page_post_id` is the post on whose page the content is shown, null for a person.
    The full-text index over the tokens (FTS5, GIN, FULLTEXT) is created by its migration and updated by the database.
    """

    __tablename__ = "search_documents"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    page_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    author_tokens: Mapped[str] = mapped_column(LongText, default="")
    title_tokens: Mapped[str] = mapped_column(LongText, default="")
    body_tokens: Mapped[str] = mapped_column(LongText, default="")
    __table_args__ = table_args(
        UniqueConstraint("post_id"),
        UniqueConstraint("comment_id"),
        UniqueConstraint("user_id"),
        Index(None, "page_post_id"),
    )


def document_id(created_at: datetime, row_id: int, *, is_comment: bool) -> int:
    """The id of a post's or comment's document, larger for newer content.

    Every engine can therefore return the newest hits first without sorting all of them.
    """
    seconds = max(1, int(created_at.timestamp()))
    return seconds * 2 * _ROW_IDS + row_id % _ROW_IDS * 2 + is_comment


def person_document_id(user_id: int) -> int:
    """The id of a person's document, negative to tell it from those of content."""
    return -user_id
