"""Tables of follows and feed entries."""

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
KINDS = (PERSON, QUESTION, TAG, BOARD)  # in order of precedence: a feed shows the first reason
INITIAL_POSTS = 100  # newest posts that a new follow adds to the feed
MAX_FEED_LENGTH = 2_000

Followable = User | Tag | Board | Post


class Target(NamedTuple):
    """The kind and id of what can be followed."""

    kind: str
    id: int


class Follow(Base):
    """A person follows a target. The target is in one of four tables, so `target_id` has no foreign key."""

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
    """A post in a person's feed, because they follow `target_id` of `kind`. `created_at` is the post's.

    No foreign keys: checking them for ten thousand followers would lock ten thousand rows of people.
    """

    __tablename__ = "feed_entries"
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    target_id: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = table_args(Index("ix_feed_entries_newest", "user_id", "created_at", "post_id"))


def target_of(subject: Followable) -> Target:
    """Return the target of a person, tag, board or question."""
    kinds: dict[type, str] = {User: PERSON, Tag: TAG, Board: BOARD, Post: QUESTION}
    return Target(kinds[type(subject)], subject.id)
