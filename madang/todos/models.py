"""To-do lists and what stands on them."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Date, ForeignKey, Index, String, Time
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, table_args

TITLE_MAX = 200
NOTE_MAX = 2_000
LIST_NAME_MAX = 60
LINK_MAX = 200
MOST_TODOS = 2_000  # of one person
MOST_LISTS = 50
STEP = 1 << 20  # between two positions, so that many fit between them before all are numbered anew
DELETED_KEPT = timedelta(days=7)  # within which a deletion can be undone


class TodoList(Base):
    """A person's list."""

    __tablename__ = "todo_lists"
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(LIST_NAME_MAX))
    position: Mapped[int]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)
    __table_args__ = table_args(Index(None, "user_id", "position"))


class Todo(Base):
    """Something that a person means to do. It is due on a day of the calendar, perhaps by a time of the clock, as both
    stand where the person is; a reminder is a moment.

    `link_kind` and `link_id` name what it is about (`post`, 12), `link` is its address. `position` orders all the
    to-dos of a person, on whichever lists they stand.
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
