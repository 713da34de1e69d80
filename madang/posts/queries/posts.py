"""Find posts by id, as entities or as rows for pages and the API.

Statements of the busiest pages are built once: building one costs more than running it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol, cast

from sqlalchemy import Row, Text, bindparam, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.boards.models import Board
from madang.boards.queries import hidden_board_ids
from madang.core.actor import Actor
from madang.core.db import db, find
from madang.core.errors import Gone, NotFound

from ..models import DELETED, VISIBLE, Draft, Post
from ..policies import PostLike, can_see_deleted, can_undo_deletion
from .visibility import on_visible_boards

Editor, Deleter = aliased(User), aliased(User)


class PageRow(PostLike, Protocol):
    """The columns of `PAGE_POSTS` that Python code reads; `draft` and
    `draft_saved_at` are there only if they were read for a member.
    """

    @property
    def id(self) -> int: ...
    @property
    def board_id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def title(self) -> str: ...
    @property
    def body_html(self) -> str: ...
    @property
    def score(self) -> int: ...
    @property
    def comment_count(self) -> int: ...
    @property
    def accepted_answer_id(self) -> int | None: ...
    @property
    def close_reason(self) -> str | None: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def edited_at(self) -> datetime | None: ...
    @property
    def draft(self) -> str | None: ...
    @property
    def draft_saved_at(self) -> datetime | None: ...
    def __iter__(self) -> Iterator[object]: ...


# All columns of a post's page; the `is_...` are named as on the entity, so that policies accept the row too.
PAGE_POSTS = (
    select(
        Post.id,
        Post.board_id,
        Post.parent_id,
        Post.kind,
        Post.state,
        Post.author_id,
        Post.author_name,
        Post.title,
        Post.body_html,
        Post.excerpt,
        Post.tag_names,
        Post.version,
        Post.score,
        Post.answer_count,
        Post.comment_count,
        Post.view_count,
        Post.accepted_answer_id,
        Post.created_at,
        Post.edited_at,
        Post.last_activity_at,
        Post.deleted_at,
        select(func.coalesce(func.nullif(Deleter.display_name, ""), Deleter.username))
        .where(Deleter.id == Post.deleted_by_id, Deleter.deleted_at.is_(None))
        .scalar_subquery()
        .label("deleter_name"),
        Post.closed_at,
        Post.close_reason,
        Post.locked_at,
        Post.pinned_at,
        (Post.locked_at.is_not(None)).label("is_locked"),
        (Post.closed_at.is_not(None)).label("is_closed"),
        (Post.state == DELETED).label("is_deleted"),
        *AUTHOR_COLUMNS,
        User.reputation.label("author_reputation"),
        User.question_count.label("author_question_count"),
        User.answer_count.label("author_answer_count"),
        User.accepted_count.label("author_accepted_count"),
        Editor.username.label("editor_username"),
        Editor.display_name.label("editor_display_name"),
    )
    .outerjoin(User, User.id == Post.author_id)
    .outerjoin(Editor, Editor.id == Post.editor_id)
)


# The same with the Markdown, for the API, and with the state of an answer's question.
Question = aliased(Post)
FULL_POSTS = (
    PAGE_POSTS.add_columns(
        Post.body,
        Board.slug.label("board_slug"),
        (Post.pinned_at.is_not(None)).label("is_pinned"),
        Question.state.label("question_state"),
    )
    .join(Board, Board.id == Post.board_id)
    .outerjoin(Question, Question.id == Post.parent_id)
)
_FULL_BY_ID = FULL_POSTS.where(Post.id == bindparam("id"))
_PAGE_POST_BY_ID = PAGE_POSTS.where(Post.id == bindparam("id"))
_OWN_DRAFT = (Draft.user_id == bindparam("reader"), Draft.place == bindparam("place"))
_PAGE_POST_WITH_DRAFT = _PAGE_POST_BY_ID.add_columns(
    select(Draft.fields.cast(Text)).where(*_OWN_DRAFT).scalar_subquery().label("draft"),
    select(Draft.updated_at).where(*_OWN_DRAFT).scalar_subquery().label("draft_saved_at"),
)
Parent = aliased(Post)
_COUNTS = (
    select(Post.state, Post.board_id, Post.answer_count, Post.comment_count, Parent.state.label("parent_state"))
    .outerjoin(Parent, Parent.id == Post.parent_id)
    .where(Post.id == bindparam("id"))
)


def get_post(post_id: int, actor: Actor) -> Post:
    """The post.

    Raises `NotFound`, also if the actor may not see its board, and `Gone` if it or its question was deleted and the
    actor is not staff.
    """
    post = find(Post, post_id)
    if post is None:
        raise NotFound
    _check_visible(post.board_id, post.state, actor)
    if post.parent_id is not None and not can_see_deleted(actor):
        _check_visible(post.board_id, db.session.get_one(Post, post.parent_id).state, actor)
    return post


def question_rows(ids: list[int], actor: Actor) -> list[Row]:
    """The questions among `ids` that the actor can see, in their order, with what a list of choices shows."""
    columns = select(Post.id, Post.title, Post.excerpt, Post.answer_count, Post.accepted_answer_id, Post.closed_at)
    visible = columns.where(Post.id.in_(ids), Post.kind == "question", Post.state == VISIBLE)
    rows = {row.id: row for row in db.rows(on_visible_boards(visible, actor))}
    return [rows[each] for each in ids if each in rows]


def get_restorable_post(post_id: int, actor: Actor, now: datetime) -> Post:
    """As `get_post`, but also the actor's own post whose deletion they can undo."""
    post = find(Post, post_id)
    if post is None or not can_undo_deletion(actor, post, now):
        return get_post(post_id, actor)
    if post.parent_id is not None:
        get_post(post.parent_id, actor)
    return post


def find_post(post_id: int, actor: Actor) -> Post | None:
    """The post, or None if there is none that the actor can see."""
    try:
        return get_post(post_id, actor)
    except (NotFound, Gone):
        return None


def get_page_row(post_id: int, actor: Actor) -> PageRow:
    """The post as a row for its page; for members with the JSON of their draft answer. Raises as `get_post` does."""
    values = {"id": post_id, "reader": actor.id, "place": f"answer:{post_id}"}
    rows = db.rows(_PAGE_POST_BY_ID, {"id": post_id}) if actor.is_anonymous else db.rows(_PAGE_POST_WITH_DRAFT, values)
    row = next(iter(rows), None)
    if row is None:
        raise NotFound
    _check_visible(row.board_id, row.state, actor)
    return cast(PageRow, row)


def get_full_row(post_id: int, actor: Actor) -> Row:
    """The post as a row for the API, with its Markdown. Raises as `get_post` does."""
    row = next(iter(db.rows(_FULL_BY_ID, {"id": post_id})), None)
    if row is None:
        raise NotFound
    for state in (row.state, row.question_state):
        _check_visible(row.board_id, state, actor)
    return row


def find_full_row(post_id: int, actor: Actor) -> Row | None:
    """The post as a row for the API, or None if the actor cannot see it."""
    try:
        return get_full_row(post_id, actor)
    except (NotFound, Gone):
        return None


def get_counts(post_id: int, actor: Actor) -> Row:
    """The numbers of answers and comments of a post, without its text. Raises as `get_post` does."""
    row = next(iter(db.rows(_COUNTS, {"id": post_id})), None)
    if row is None:
        raise NotFound
    for state in (row.state, row.parent_state):
        _check_visible(row.board_id, state, actor)
    return row


def require_visible_post(post_id: int, actor: Actor) -> None:
    """Raise as `get_post` does if the actor cannot see the post."""
    get_counts(post_id, actor)


def _check_visible(board_id: int, state: int | None, actor: Actor) -> None:
    if board_id in hidden_board_ids(actor):
        raise NotFound
    if state == DELETED and not can_see_deleted(actor):
        raise Gone
