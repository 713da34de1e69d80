"""Find the answers of a question, in the order that the reader chose."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, func, select

from madang.core.actor import Actor
from madang.core.db import db

from ..models import VISIBLE, Post
from ..policies import can_see_deleted
from .posts import FULL_POSTS, PAGE_POSTS

ANSWER_SORTS = ("votes", "newest", "oldest")
ANSWERS_PER_PAGE = 30


def answer_rows(question: Row, actor: Actor, *, sort: str, page: int) -> list[Row]:
    """One page of a question's answers, the accepted one first when they are sorted by votes."""
    if question.answer_count == 0 and not can_see_deleted(actor):
        return []
    values = {
        "question": question.id,
        "accepted": question.accepted_answer_id or 0,
        "size": ANSWERS_PER_PAGE,
        "passed": (page - 1) * ANSWERS_PER_PAGE,
    }
    return list(db.rows(_answers_statement(sort, can_see_deleted(actor)), values))


@cache
def _answers_statement(sort: str, with_deleted: bool) -> Select:
    answers = PAGE_POSTS.where(Post.parent_id == bindparam("question"))
    if not with_deleted:
        answers = answers.where(Post.state == VISIBLE)
    size, offset = bindparam("size", type_=Integer), bindparam("passed", type_=Integer)
    return answers.order_by(*_answer_order(sort)).limit(size).offset(offset)


def _answer_order(sort: str) -> list[Any]:
    if sort == "newest":
        return [Post.state, Post.created_at.desc(), Post.id.desc()]
    if sort == "oldest":
        return [Post.state, Post.created_at, Post.id]
    return [(Post.id == bindparam("accepted")).desc(), Post.state, Post.score.desc(), Post.id]


def answers_after(
    question: Row, actor: Actor, *, sort: str, after: tuple[Any, ...] | None, limit: int
) -> tuple[list[Row], Callable[[Row], tuple[Any, ...]]]:
    """The next answers of a question after a key, and the function that gives a row's key."""
    accepted = question.accepted_answer_id or 0

    def key(row: Row) -> tuple[Any, ...]:
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


def _is_after(sort: str, after: tuple[Any, ...], accepted: int) -> Any:
    if sort == "votes":
        was_accepted, score, last_id = after
        is_behind = (Post.score < score) | ((Post.score == score) & (Post.id > last_id))
        return (Post.id != accepted) & (True if was_accepted else is_behind)
    created_at, last_id = after
    if sort == "newest":
        return (Post.created_at < created_at) | ((Post.created_at == created_at) & (Post.id < last_id))
    return (Post.created_at > created_at) | ((Post.created_at == created_at) & (Post.id > last_id))


def page_of_answer(answer: Post, actor: Actor) -> int:
    """The number of the page, sorted by votes, on which an answer stands."""
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
