"""Counters of posts: of their answers, and of the posts of people and boards."""

from sqlalchemy import ScalarSelect, extract, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.boards.models import Board, BoardPeriod
from madang.core.db import db
from madang.core.db.counting import CountedTable, Counter, count_of

from .models import VISIBLE, Post

Answer, Question = aliased(Post), aliased(Post)


def _visible_posts(kind: str) -> ScalarSelect[int]:
    return count_of(Answer.author_id == User.id, Answer.kind == kind, Answer.state == VISIBLE)


def _periods() -> list[dict[str, int]]:
    """The number of posts of each board in each month (period YYYYMM) and day (YYYYMMDD)."""
    month = extract("year", Post.created_at) * 100 + extract("month", Post.created_at)
    day = month * 100 + extract("day", Post.created_at)
    rows = []
    for period in (month, day):
        counted = select(Post.board_id, period.label("period"), func.count().label("post_count")).where(*_is_titled)
        for board_id, number, count in db.session.execute(counted.group_by(Post.board_id, period)):
            rows.append({"board_id": board_id, "period": int(number), "post_count": count})
    return rows


_is_titled = (Post.parent_id.is_(None), Post.state == VISIBLE)
_accepted = (Answer.author_id == User.id, Question.id == Answer.parent_id, Question.accepted_answer_id == Answer.id)
_unanswered = (Post.kind == "question", Post.answer_count == 0)

COUNTERS = (
    Counter(Post, "answer_count", count_of(Answer.parent_id == Post.id, Answer.state == VISIBLE)),
    Counter(User, "question_count", _visible_posts("question")),
    Counter(User, "answer_count", _visible_posts("answer")),
    Counter(User, "accepted_count", count_of(*_accepted)),
    Counter(Board, "post_count", count_of(Post.board_id == Board.id, *_is_titled)),
    Counter(Board, "unanswered_count", count_of(Post.board_id == Board.id, *_unanswered, *_is_titled)),
    CountedTable(BoardPeriod, ("board_id", "period"), "post_count", _periods),
)
