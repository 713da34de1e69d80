"""Tables of to-dos and their lists."""

from datetime import date, datetime, time

from sqlalchemy import Date, ForeignKey, Index, String, Time
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, table_args

TITLE_MAX = 200
NOTE_MAX = 2_000
LIST_NAME_MAX = 60
LINK_MAX = 200
MAX_TODOS = 2_000  # of one person
MAX_LISTS = 50
POSITION_STEP = 1 << 20  # between two positions, so that many fit between them before all are renumbered


class TodoList(Base):
    """A to-do list of a person."""

    __tablename__ = "todo_lists"
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(LIST_NAME_MAX))
    position: Mapped[int]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)
    __table_args__ = table_args(Index(None, "user_id", "position"))


class Todo(Base):
    """A to-do of a person.

    `due_on` and `due_time` are local to the person's time zone, `remind_at` is a moment. `link_kind` and `link_id` name
    the linked object (`post`, 12), `link` is its address. `position` orders the to-dos of a person across lists.
    """

    __tablename__ = "todos"
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    list_id: Mapped[int] = mapped_column(ForeignKey("todo_lists.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    note: Mapped[str] = mapped_column(String(NOTE_MAX), default="")
    due_on: Mapped[date | None] = mapped_column(Date)
    due_time: Mapped[time | None] = mapped_column(Time)
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    position: Mapped[int]
    link_kind: Mapped[str | None] = mapped_column(String(10))
    link_id: Mapped[int | None]
    link: Mapped[str | None] = mapped_column(String(LINK_MAX))
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)
    __table_args__ = table_args(
        Index(None, "user_id", "position"),
        Index(None, "user_id", "link_kind", "link_id"),
        Index(None, "reminded_at", "remind_at"),
    )
