"""The table of flags, their reasons and verdicts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, table_args

REASONS = ("spam", "rude", "off_topic", "attention")
NEEDS_NOTE = "attention"
DELETION = "deletion"  # the reason of a request for deletion, by which the author of a question flags it
NOTE_MAX = 500
REPLY_MAX = 200
UPHELD, DECLINED = "upheld", "declined"
VERDICTS = (UPHELD, DECLINED)


class Flag(Base):
    """A flag on either a post or a comment, or a request of a question's author to have it deleted.

    `reply` is the moderator's sentence with the verdict on a request.

    `is_open` is true until the verdict and null afterwards. Nulls are distinct under a unique key, so a person has at
    most one open flag per post or comment, and any number of resolved ones.
    """

    __tablename__ = "flags"
    id: Mapped[Id]
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    flagger_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(NOTE_MAX), default="")
    created_at: Mapped[datetime]
    is_open: Mapped[bool | None] = mapped_column(default=True)
    verdict: Mapped[str | None] = mapped_column(String(10))
    settled_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(String(REPLY_MAX), default="")
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    __table_args__ = table_args(
        CheckConstraint("(post_id IS NULL) <> (comment_id IS NULL)", name="thing"),
        CheckConstraint("(is_open IS NULL) = (settled_at IS NOT NULL)", name="settled"),
        UniqueConstraint("flagger_id", "post_id", "is_open"),
        UniqueConstraint("flagger_id", "comment_id", "is_open"),
        Index(None, "is_open", "id"),
        Index(None, "post_id", "is_open", "id"),
        Index(None, "comment_id", "is_open", "id"),
    )
