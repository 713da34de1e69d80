"""Accept an answer of a question, or withdraw the acceptance."""

from datetime import datetime

from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.errors import NotFound, require
from madang.core.events import emit
from madang.core.i18n import _

from ..events import AnswerAccepted, AnswerUnaccepted
from ..models import Post
from ..policies import can_accept_answer


def accept_answer(answer: Post, *, actor: Actor, now: datetime) -> None:
    """Accept `answer` in place of any other answer of its question.

    Raises `NotFound` for a deleted post or one that is no answer, and `Forbidden`.
    """
    question = _lock_question_of(answer, actor)
    if question.accepted_answer_id == answer.id:
        return
    if question.accepted_answer_id is not None:
        clear_accepted_answer(question, actor_id=actor.id)
    question.accepted_answer_id = answer.id
    question.last_activity_at = now
    db.session.flush()
    emit(AnswerAccepted(answer_id=answer.id, question_id=question.id, actor_id=actor.id))


def unaccept_answer(answer: Post, *, actor: Actor) -> None:
    """Withdraw the acceptance of `answer`, if it is accepted. Raises as `accept_answer` does."""
    question = _lock_question_of(answer, actor)
    if question.accepted_answer_id == answer.id:
        clear_accepted_answer(question, actor_id=actor.id)


def clear_accepted_answer(question: Post, *, actor_id: int | None) -> None:
    """Clear the accepted answer of `question`."""
    answer_id, question.accepted_answer_id = question.accepted_answer_id, None
    db.session.flush()
    if answer_id is not None:
        emit(AnswerUnaccepted(answer_id=answer_id, question_id=question.id, actor_id=actor_id))


def _lock_question_of(answer: Post, actor: Actor) -> Post:
    """Lock an answer, then its question, and return the question. Raises `NotFound` and `Forbidden`."""
    if not answer.is_answer:
        raise NotFound
    question = db.session.get_one(Post, answer.parent_id)
    lock_row(answer)
    lock_row(question)
    if question.is_deleted or answer.is_deleted:
        raise NotFound
    require(can_accept_answer(actor, question), _("Only the person who asked can accept an answer."))
    return question
