"""Side panels of lists: unanswered questions, and the best answerers of the week."""

from datetime import timedelta

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.core.clock import now
from madang.core.db import db
from madang.core.ttl_cache import ttl_cache

from ..models import VISIBLE, Post

PANEL_SIZE = 3
WEEK = timedelta(days=7)


@ttl_cache(seconds=10)
def unanswered_questions() -> list[Row]:
    """The newest open questions without an answer."""
    unanswered = select(Post.id, Post.title, Post.score).where(
        Post.kind == "question", Post.state == VISIBLE, Post.answer_count == 0, Post.closed_at.is_(None)
    )
    return list(db.rows(unanswered.order_by(Post.created_at.desc(), Post.id.desc()).limit(PANEL_SIZE)))


@ttl_cache(seconds=60)
def top_answerers_of_week() -> list[Row]:
    """The authors whose answers of the last seven days were accepted most, then scored highest."""
    question = aliased(Post)
    accepted = func.sum(case((question.accepted_answer_id == Post.id, 1), else_=0))
    score = func.sum(Post.score)
    helpers = (
        select(*AUTHOR_COLUMNS, accepted.label("accepted"), score.label("score"))
        .join(User, User.id == Post.author_id)
        .join(question, question.id == Post.parent_id)
        .where(Post.kind == "answer", Post.state == VISIBLE, Post.created_at > now() - WEEK, User.deleted_at.is_(None))
        .group_by(User.id, *AUTHOR_COLUMNS)
        .having(score + accepted > 0)
        .order_by(accepted.desc(), score.desc(), User.id)
    )
    return list(db.rows(helpers.limit(PANEL_SIZE)))
