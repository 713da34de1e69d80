"""Tables of boards, and of their numbers of posts per month and day."""

from datetime import datetime
from typing import Literal

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, String, UniqueConstraint, type_coerce
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, table_args
from madang.core.site import TextForReader, text_for_reader

BoardKind = Literal["qa", "talk", "notice", "gallery"]
BOARD_KINDS: tuple[BoardKind, ...] = ("qa", "talk", "notice", "gallery")
SLUG_MAX = 40
NAME_MAX = 60
DESCRIPTION_MAX = 300


class Board(Base):
    """A board for posts of one kind. An archived board accepts no new posts; `uses_math` makes formulas of `$…$`.

    `names` and `descriptions` hold a text per language; `name` and `description`, of an entity and in a select, are
    those for the reader. With `asks_before_vote` the pages ask before a vote on the board counts. `readers`, a value of
    `boards.policies.READERS`, is who may see the board and what stands on it; if that are groups, those with an id in
    `reader_group_ids`.
    """

    __tablename__ = "boards"
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(SLUG_MAX))
    kind: Mapped[str] = mapped_column(String(10))
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    descriptions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    position: Mapped[int] = mapped_column(default=0)
    post_count: Mapped[int] = mapped_column(default=0)
    unanswered_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    uses_math: Mapped[bool] = mapped_column(default=False)
    asks_before_vote: Mapped[bool] = mapped_column(default=False)
    readers: Mapped[str] = mapped_column(String(10), default="everyone", server_default="everyone")
    reader_group_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    __table_args__ = table_args(
        UniqueConstraint("slug"),
        CheckConstraint("kind IN ('qa', 'talk', 'notice', 'gallery')", name="kind"),
    )

    @hybrid_property
    def name(self) -> str:
        return text_for_reader(self.names)

    @name.inplace.expression
    @classmethod
    def _name(cls) -> ColumnElement[str]:
        return type_coerce(cls.names, TextForReader).label("name")

    @hybrid_property
    def description(self) -> str:
        return text_for_reader(self.descriptions)

    @description.inplace.expression
    @classmethod
    def _description(cls) -> ColumnElement[str]:
        return type_coerce(cls.descriptions, TextForReader).label("description")

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class BoardPeriod(Base):
    """The number of posts on a board written in a month (`period` 202611) or on a day (20261121), in UTC.

    They locate the start of a numbered page without counting every row before it.
    """

    __tablename__ = "board_periods"
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post_count: Mapped[int]
