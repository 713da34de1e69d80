"""Side panels of lists: unanswered questions, and the best answerers of the week."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.boards.queries import hidden_board_ids
from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db import db
from madang.core.ttl_cache import ttl_cache

from ..models import VISIBLE, Post
from .visibility import on_visible_boards

PANEL_SIZE = 3
Cache = dict[tuple[int, ...], list[Row]]  # by the boards that the readers may not see
WEEK = timedelta(days=7)


def unanswered_questions(actor: Actor) -> list[Row]:
    """The newest open questions without an answer that the actor may see."""
    return _cached(_unanswered_cache(), actor, _unanswered_questions)


@ttl_cache(seconds=10)
def _unanswered_cache() -> Cache:
    return {}


def _unanswered_questions(actor: Actor) -> list[Row]:
    unanswered = select(Post.id, Post.title, Post.score).where(
        Post.kind == "question", Post.state == VISIBLE, Post.answer_count == 0, Post.closed_at.is_(None)
    )
    newest = unanswered.order_by(Post.created_at.desc(), Post.id.desc()).limit(PANEL_SIZE)
    return list(db.rows(on_visible_boards(newest, actor)))


def top_answerers_of_week(actor: Actor) -> list[Row]:
    """The authors whose answers of the last seven days were accepted most, then scored highest.

    Of the answers that the actor may see.
    """
    return _cached(_answerers_cache(), actor, _top_answerers_of_week)


@ttl_cache(seconds=60)
def _answerers_cache() -> Cache:
    return {}


def _top_answerers_of_week(actor: Actor) -> list[Row]:
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
    return list(db.rows(on_visible_boards(helpers.limit(PANEL_SIZE), actor)))


def _cached(cache: Cache, actor: Actor, read: Callable[[Actor], list[Row]]) -> list[Row]:
    """The rows for all who may see the same boards as the actor."""
    hidden = hidden_board_ids(actor)
    if hidden not in cache:
        cache[hidden] = read(actor)
    return cache[hidden]
