"""Tables of polls, their choices and the votes for them."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, table_args

QUESTION_MIN, QUESTION_MAX = 3, 150
CHOICE_MAX = 100
CHOICES_MIN, CHOICES_MAX = 2, 10
MAX_LENGTH = timedelta(days=3653)  # ten years; an end without a bound could be none that a calendar can show
POST_KIND = "talk"  # the kind of post that can have a poll
ALWAYS, AFTER_VOTING = "always", "after_voting"  # when people see the results


class Poll(Base):
    """The poll of a post, at most one. `voter_count` counts the people who voted; `version` grows with every change.

    Whatever changes a poll, its choices or its votes locks the post first.
    """

    __tablename__ = "polls"
    id: Mapped[Id]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(QUESTION_MAX))
    is_multiple: Mapped[bool] = mapped_column(default=False)
    results: Mapped[str] = mapped_column(String(12), default=ALWAYS)
    closes_at: Mapped[datetime | None]
    voter_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    __table_args__ = table_args(
        UniqueConstraint("post_id"), CheckConstraint("results IN ('always', 'after_voting')", name="results")
    )


class PollChoice(Base):
    """A choice of a poll, in the order of `position`. `vote_count` is the number of people who chose it."""

    __tablename__ = "poll_choices"
    id: Mapped[Id]
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(CHOICE_MAX))
    vote_count: Mapped[int] = mapped_column(default=0)
    __table_args__ = table_args(UniqueConstraint("poll_id", "position"))


class PollVote(Base):
    """A choice of a person: one in a poll of a single choice, one or more in another."""

    __tablename__ = "poll_votes"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    choice_id: Mapped[int] = mapped_column(
        ForeignKey("poll_choices.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    __table_args__ = table_args(Index(None, "poll_id", "user_id"))
