"""Queries of a person's own to-dos and lists."""

from collections.abc import Iterable, Sequence
from datetime import date, time

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, exists, func, select
from sqlalchemy.orm import aliased

from madang.boards.queries import hidden_board_ids
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.pagination import Page
from madang.core.errors import NotFound
from madang.posts.models import VISIBLE, Post

from ..models import Todo, TodoList

OVERDUE, TODAY, LATER, SOME_DAY = range(4)
POST = "post"
MESSAGE = "message"
Parent, Saved = aliased(Post), aliased(Post)

_is_visible = (Post.state == VISIBLE) & (Parent.id.is_(None) | (Parent.state == VISIBLE))
TODO_ROWS = (
    select(
        Todo.id,
        Todo.title,
        Todo.note,
        Todo.due_on,
        Todo.due_time,
        Todo.remind_at,
        Todo.reminded_at,
        Todo.done_at,
        Todo.position,
        Todo.created_at,
        Todo.deleted_at,
        Todo.list_id,
        TodoList.name.label("list_name"),
        Todo.link_kind,
        Todo.link_id,
        Todo.link,
        case((_is_visible, func.coalesce(Parent.title, Post.title))).label("post_title"),
    )
    .join(TodoList, TodoList.id == Todo.list_id)
    .outerjoin(Post, (Todo.link_kind == POST) & (Post.id == Todo.link_id))
    .outerjoin(Parent, Parent.id == Post.parent_id)
)
# For programs that may not read messages: without the titles of saved ones, which are their texts.
ROWS_WITHOUT_MESSAGES = TODO_ROWS.with_only_columns(
    *(
        case((Todo.link_kind == MESSAGE, ""), else_=column).label("title") if column.key == "title" else column
        for column in TODO_ROWS.selected_columns
    ),
    maintain_column_froms=True,
)
SAVED_LINK_IDS = select(Todo.link_id).where(
    Todo.user_id == bindparam("me"),
    Todo.link_kind == bindparam("kind"),
    Todo.link_id.in_(bindparam("ids", expanding=True)),
    Todo.deleted_at.is_(None),
    Todo.done_at.is_(None),
)


def todos_of(actor: Actor) -> Select[Todo]:
    """Select the actor's to-dos, open or done."""
    return select(Todo).where(Todo.user_id == actor.id, Todo.deleted_at.is_(None), *_may_see_post(actor))


def _may_see_post(actor: Actor) -> Sequence[ColumnElement[bool]]:
    """Conditions: the to-do is not about a post on a board that the actor may not see, or not any more."""
    hidden = hidden_board_ids(actor)
    is_hidden = (Todo.link_kind == POST, Saved.id == Todo.link_id, Saved.board_id.in_(hidden))
    return [~exists().where(*is_hidden).correlate(Todo)] if hidden else []


def lists_of(actor: Actor) -> Select[TodoList]:
    """Select the actor's lists in their order."""
    mine = select(TodoList).where(TodoList.user_id == actor.id, TodoList.deleted_at.is_(None))
    return mine.order_by(TodoList.position, TodoList.id)


def get_todo(todo_id: int, actor: Actor) -> Todo:
    """One of the actor's to-dos. Raises `NotFound`."""
    todo = db.session.scalar(todos_of(actor).where(Todo.id == todo_id))
    if todo is None:
        raise NotFound
    return todo


def get_list(list_id: int, actor: Actor) -> TodoList:
    """One of the actor's lists. Raises `NotFound`."""
    todo_list = db.session.scalar(lists_of(actor).where(TodoList.id == list_id))
    if todo_list is None:
        raise NotFound
    return todo_list


def list_rows(actor: Actor) -> list[Row]:
    """The actor's lists with the number of open to-dos on each."""
    open_count = (
        select(func.count())
        .where(Todo.list_id == TodoList.id, Todo.done_at.is_(None), Todo.deleted_at.is_(None), *_may_see_post(actor))
        .scalar_subquery()
    )
    columns = select(TodoList.id, TodoList.name, open_count.label("open_count"))
    mine = columns.where(TodoList.user_id == actor.id, TodoList.deleted_at.is_(None))
    return list(db.rows(mine.order_by(TodoList.position, TodoList.id)))


def open_rows(actor: Actor, today: date, clock: time, page: Page) -> list[Row]:
    """Open to-dos of all lists by `rank`: overdue, today, later, without a day.

    Overdue and later ones are ordered by day, the others in the person's own order.
    """
    return _page(_open(actor, today, clock), page)


def open_ids(actor: Actor, today: date, clock: time) -> list[int]:
    """The ids of all that `open_rows` divides into pages."""
    return list(db.session.scalars(_open(actor, today, clock).with_only_columns(Todo.id)))


def _open(actor: Actor, today: date, clock: time) -> Select:
    is_over = (Todo.due_on < today) | ((Todo.due_on == today) & (Todo.due_time < clock))
    rank = case((Todo.due_on.is_(None), SOME_DAY), (is_over, OVERDUE), (Todo.due_on == today, TODAY), else_=LATER)
    is_by_day = rank.in_((OVERDUE, LATER))
    order = (
        rank,
        case((is_by_day, Todo.due_on)),
        case((is_by_day & Todo.due_time.is_(None), 1), else_=0),
        case((is_by_day, Todo.due_time)),
        Todo.position,
        Todo.id,
    )
    return _mine(actor).add_columns(rank.label("rank")).where(Todo.done_at.is_(None)).order_by(*order)


def rows_on(todo_list: TodoList, actor: Actor, page: Page) -> list[Row]:
    """Open to-dos of one list, in the person's own order."""
    rows = _mine(actor).where(Todo.list_id == todo_list.id, Todo.done_at.is_(None))
    return _page(rows.order_by(Todo.position, Todo.id), page)


def done_rows(actor: Actor, page: Page) -> list[Row]:
    """To-dos that are done, the latest first."""
    return _page(_done(actor), page)


def done_ids(actor: Actor) -> list[int]:
    """The ids of all that `done_rows` divides into pages."""
    return list(db.session.scalars(_done(actor).with_only_columns(Todo.id)))


def _done(actor: Actor) -> Select:
    return _mine(actor).where(Todo.done_at.is_not(None)).order_by(Todo.done_at.desc(), Todo.id.desc())


def done_count(actor: Actor) -> int:
    done = todos_of(actor).where(Todo.done_at.is_not(None)).with_only_columns(func.count())
    return db.session.scalar(done) or 0


def rows_of(actor: Actor, *, with_messages: bool = True) -> Select:
    """The actor's to-dos, also deleted ones, as rows."""
    rows = TODO_ROWS if with_messages else ROWS_WITHOUT_MESSAGES
    return rows.where(Todo.user_id == actor.id, *_may_see_post(actor))


def get_todo_row(todo_id: int, actor: Actor, *, with_messages: bool = True) -> Row:
    """One of the actor's to-dos as a row. Raises `NotFound`."""
    mine = rows_of(actor, with_messages=with_messages).where(Todo.deleted_at.is_(None))
    row = next(iter(db.rows(mine.where(Todo.id == todo_id))), None)
    if row is None:
        raise NotFound
    return row


def get_list_row(list_id: int, actor: Actor) -> Row:
    """One of the actor's lists as a row with its number of open to-dos. Raises `NotFound`."""
    row = next((row for row in list_rows(actor) if row.id == list_id), None)
    if row is None:
        raise NotFound
    return row


def _mine(actor: Actor) -> Select:
    return rows_of(actor).where(Todo.deleted_at.is_(None))


def _page(rows: Select, page: Page) -> list[Row]:
    return list(db.rows(rows.limit(page.size).offset(page.offset)))


def saved_link_ids(kind: str, actor: Actor, link_ids: Iterable[int]) -> set[int]:
    """Those of the objects of a kind for which the actor has an open to-do."""
    ids = list(link_ids)
    if not actor.has_identity or not ids:
        return set()
    return {row.link_id for row in db.rows(SAVED_LINK_IDS, {"me": actor.id, "kind": kind, "ids": ids})}
