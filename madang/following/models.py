"""Who follows what, and everybody's feed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.accounts.models import User
from madang.boards.models import Board
from madang.core.db import Base, Id, table_args
from madang.posts.models import Post
from madang.tags.models import Tag

PERSON, QUESTION, TAG, BOARD = "person", "question", "tag", "board"
KINDS = (PERSON, QUESTION, TAG, BOARD)  # of several reasons, a feed says the first
FILLED_WITH = 100  # posts that come with something newly followed
FEED_KEPT = 2_000

Thing = User | Tag | Board | Post


class Target(NamedTuple):
    """What can be followed: its kind, and its number among its kind."""

    kind: str
    id: int


class Follow(Base):
    """A person follows something. The row of what is followed may be of four tables, so that no key points at it."""

    __tablename__ = "follows"
    id: Mapped[Id]
    follower_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    target_id: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = table_args(
        UniqueConstraint("follower_id", "kind", "target_id"),
        Index("ix_follows_follower", "follower_id", "kind", "id"),
        Index("ix_follows_target", "kind", "target_id", "id"),
        CheckConstraint("kind IN ('person', 'question', 'tag', 'board')", name="kind"),
    )


class FeedEntry(Base):
    """A post stands in somebody's feed because they follow `target_id` of `kind`. `created_at` repeats the post's.

    No foreign keys: to check them for ten thousand followers would hold ten thousand rows of people.
    """

    __tablename__ = "feed_entries"
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    target_id: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = table_args(Index("ix_feed_entries_newest", "user_id", "created_at", "post_id"))


def target_of(thing: Thing) -> Target:
    """What `thing` is among all that can be followed."""
    kinds: dict[type, str] = {User: PERSON, Tag: TAG, Board: BOARD, Post: QUESTION}
    return Target(kinds[type(thing)], thing.id)
