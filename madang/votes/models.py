"""Tables of votes: at most one per person and post or comment."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, table_args


class PostVote(Base):
    """A person's vote on a post: 1 up, -1 down."""

    __tablename__ = "post_votes"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)
    value: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = table_args(CheckConstraint("value IN (-1, 1)", name="value"))


class CommentVote(Base):
    """A person's upvote on a comment."""

    __tablename__ = "comment_votes"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime]
