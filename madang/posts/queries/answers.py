"""List the answers of a question, by page number or by key."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import cast

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Integer, Row, Select, bindparam, func, select

from madang.core.actor import Actor
from madang.core.db import db

from ..models import VISIBLE, Post
from ..policies import can_see_deleted
from .posts import FULL_POSTS, PAGE_POSTS, PageRow

ANSWER_SORTS = ("votes", "newest", "oldest")
ANSWERS_PER_PAGE = 30
SortKey = tuple[int | datetime, ...]  # (is accepted, score, id) by votes, else (created at, id)


def answer_rows(question: PageRow, actor: Actor, *, sort: str, page: int) -> list[PageRow]:
    """One page of a question's answers, for staff with the deleted ones; by votes, the accepted answer comes first."""
    if question.answer_count == 0 and not can_see_deleted(actor):
        return []
    values = {
        "question": question.id,
        "accepted": question.accepted_answer_id or 0,
        "size": ANSWERS_PER_PAGE,
        "offset": (page - 1) * ANSWERS_PER_PAGE,
    }
    return cast("list[PageRow]", db.rows(_answers_statement(sort, can_see_deleted(actor)), values))


@cache
def _answers_statement(sort: str, with_deleted: bool) -> Select:
    answers = PAGE_POSTS.where(Post.parent_id == bindparam("question"))
    if not with_deleted:
        answers = answers.where(Post.state == VISIBLE)
    size, offset = bindparam("size", type_=Integer), bindparam("offset", type_=Integer)
    return answers.order_by(*_answer_order(sort)).limit(size).offset(offset)


def _answer_order(sort: str) -> list[ColumnExpressionArgument]:
    if sort == "newest":
        return [Post.state, Post.created_at.desc(), Post.id.desc()]
    if sort == "oldest":
        return [Post.state, Post.created_at, Post.id]
    return [(Post.id == bindparam("accepted")).desc(), Post.state, Post.score.desc(), Post.id]


def answers_after(
    question: Row, actor: Actor, *, sort: str, after: SortKey | None, limit: int
) -> tuple[list[Row], Callable[[Row], SortKey]]:
    """The next answers of a question after a sort key, and the function that returns the sort key of a row."""
    accepted = question.accepted_answer_id or 0

    def key(row: Row) -> SortKey:
        if sort == "votes":
            return (int(row.id == accepted), row.score, row.id)
        return (row.created_at, row.id)

    answers = FULL_POSTS.where(Post.parent_id == question.id)
    if not can_see_deleted(actor):
        answers = answers.where(Post.state == VISIBLE)
    if after is not None:
        answers = answers.where(_is_after(sort, after, accepted))
    is_accepted = (Post.id == accepted).desc()
    order = {
        "votes": (is_accepted, Post.score.desc(), Post.id),
        "newest": (Post.created_at.desc(), Post.id.desc()),
        "oldest": (Post.created_at, Post.id),
    }[sort]
    return list(db.rows(answers.order_by(*order).limit(limit))), key


def _is_after(sort: str, after: SortKey, accepted: int) -> ColumnElement[bool]:
    """The condition that a row comes after the key `after`; `accepted` is the id of the accepted answer or 0."""
    if sort == "votes":
        was_accepted, score, last_id = after
        is_lower = (Post.score < score) | ((Post.score == score) & (Post.id > last_id))
        return (Post.id != accepted) & (True if was_accepted else is_lower)
    created_at, last_id = after
    if sort == "newest":
        return (Post.created_at < created_at) | ((Post.created_at == created_at) & (Post.id < last_id))
    return (Post.created_at > created_at) | ((Post.created_at == created_at) & (Post.id > last_id))


def page_of_answer(answer: Post, actor: Actor) -> int:
    """The number of the page that shows an answer when answers are sorted by votes; the first page is 1."""
    question = db.session.get_one(Post, answer.parent_id)
    if question.answer_count <= ANSWERS_PER_PAGE or question.accepted_answer_id == answer.id:
        return 1
    before = select(func.count()).where(
        Post.parent_id == question.id,
        Post.state == VISIBLE,
        Post.id != answer.id,
        (Post.score > answer.score) | ((Post.score == answer.score) & (Post.id < answer.id)),
    )
    return (db.session.scalar(before) or 0) // ANSWERS_PER_PAGE + 1
