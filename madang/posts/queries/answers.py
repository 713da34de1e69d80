"""List the answers of a question, by page number or by key."""

from functools import cache
from typing import Protocol, cast

from sqlalchemy import ColumnExpressionArgument, Integer, Row, Select, bindparam, case, func, select

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.ordering import Key, Keyset

from ..models import VISIBLE, Post
from ..policies import can_see_deleted
from .posts import FULL_POSTS, PAGE_POSTS, PageRow

ANSWERS_PER_PAGE = 30
_ORDERS = {
    "votes": Keyset(Post.score.desc(), Post.id),  # the accepted answer comes before all others
    "newest": Keyset(Post.created_at.desc(), Post.id.desc()),
    "oldest": Keyset(Post.created_at, Post.id),
}
ANSWER_SORTS = tuple(_ORDERS)


class AnswerablePost(Protocol):
    """What `is_answered_by_others` needs of a post; the entity and the rows of pages have it."""

    @property
    def id(self) -> int: ...
    @property
    def author_id(self) -> int | None: ...
    @property
    def answer_count(self) -> int: ...


def is_answered_by_others(post: AnswerablePost) -> bool:
    """Whether a post has an answer that somebody but its author wrote and that is not deleted."""
    if post.answer_count == 0:
        return False
    others = (Post.parent_id == post.id, Post.state == VISIBLE, Post.author_id.is_distinct_from(post.author_id))
    return db.session.scalar(select(Post.id).where(*others).limit(1)) is not None


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
    accepted_first = [(Post.id == bindparam("accepted")).desc()] if sort == "votes" else []
    return [*accepted_first, Post.state, *_ORDERS[sort].order_by]


def answer_keyset(question: Row, sort: str) -> Keyset:
    """The order of a question's answers in the API."""
    if sort != "votes":
        return _ORDERS[sort]
    is_accepted = case((Post.id == (question.accepted_answer_id or 0), 1), else_=0)
    return Keyset(is_accepted.desc(), *_ORDERS[sort].order_by, names=("accepted_first", "score", "id"))


def answers_after(question: Row, actor: Actor, *, keyset: Keyset, after: Key | None, limit: int) -> list[Row]:
    """The next answers of a question after a key of `keyset`, which `answer_keyset` returns."""
    answers = FULL_POSTS.where(Post.parent_id == question.id)
    if not can_see_deleted(actor):
        answers = answers.where(Post.state == VISIBLE)
    if "accepted_first" in keyset.names:
        answers = answers.add_columns(keyset.columns[0].label("accepted_first"))
    return list(db.rows(keyset.select_after(answers, after, limit)))


def page_of_answer(answer: Post, actor: Actor) -> int:
    """The number of the page that shows an answer when answers are sorted by votes; the first page is 1."""
    question = db.session.get_one(Post, answer.parent_id)
    if question.answer_count <= ANSWERS_PER_PAGE or question.accepted_answer_id == answer.id:
        return 1
    before = select(func.count()).where(
        Post.parent_id == question.id,
        Post.state == VISIBLE,
        _ORDERS["votes"].is_before((answer.score, answer.id)),
    )
    return (db.session.scalar(before) or 0) // ANSWERS_PER_PAGE + 1
