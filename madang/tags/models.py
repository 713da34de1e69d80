"""Tables of tags, their synonyms, and the tags of posts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, LongText, table_args
from madang.core.text import MAX_TAG

DESCRIPTION_MAX = 5_000


class Tag(Base):
    """A tag. `post_count` is the number of visible posts with it."""

    __tablename__ = "tags"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(MAX_TAG))
    excerpt: Mapped[str] = mapped_column(String(600), default="")
    description: Mapped[str] = mapped_column(LongText, default="")
    description_html: Mapped[str] = mapped_column(LongText, default="")
    post_count: Mapped[int] = mapped_column(default=0)
    follower_count: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    __table_args__ = table_args(
        UniqueConstraint("name"),
        Index("ix_tags_post_count_id", "post_count", "id", "name"),
        Index("ix_tags_name", "name", postgresql_ops={"name": "text_pattern_ops"}),  # for searches by prefix
    )


class TagSynonym(Base):
    """Another name of a tag."""

    __tablename__ = "tag_synonyms"
    name: Mapped[str] = mapped_column(String(MAX_TAG), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), index=True)


class TagBoard(Base):
    """The number of visible posts with a tag on one board, for people who may not see every board."""

    __tablename__ = "tag_boards"
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True, index=True)
    post_count: Mapped[int]
    __table_args__ = table_args()


class PostTag(Base):
    """A tag of a visible post. `post_created_at` repeats the post's time, so that an index sorts a tag's list.

    `board_id` repeats its board, so that the posts of a tag on a board are counted without reading them.
    """

    __tablename__ = "post_tags"
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)
    post_created_at: Mapped[datetime]
    board_id: Mapped[int] = mapped_column(default=0, server_default="0")
    __table_args__ = table_args(Index("ix_post_tags_newest", "tag_id", "post_created_at", "post_id"))
