"""The table of comments."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, LongText, table_args

BODY_MAX = 1_000
COMMENT_VISIBLE, COMMENT_DELETED = 0, 1


class Comment(Base):
    """A comment on a post. A reply has a comment as `parent_id`, which is never a reply itself."""

    __tablename__ = "comments"
    id: Mapped[Id]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[int] = mapped_column(default=COMMENT_VISIBLE)
    body: Mapped[str] = mapped_column(LongText)
    body_html: Mapped[str] = mapped_column(LongText)
    score: Mapped[int] = mapped_column(default=0)
    imported_up: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = table_args(
        UniqueConstraint("author_id", "fingerprint"),
        Index("ix_comments_post", "post_id", "state", "created_at", "id"),
        Index("ix_comments_author", "author_id", "state", "created_at", "id"),
    )

    @property
    def is_deleted(self) -> bool:
        return self.state == COMMENT_DELETED
