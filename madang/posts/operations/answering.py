"""Post an answer to a question."""

from datetime import datetime

from madang.boards.queries import uses_math
from madang.core.actor import Actor
from madang.core.db import lock_row
from madang.core.db.dedup import fingerprints, insert_deduplicated
from madang.core.errors import require
from madang.core.events import emit
from madang.core.i18n import _

from ..events import AnswerPosted
from ..models import VISIBLE, Post
from ..policies import can_answer, refusal_message
from .counters import adjust_counters
from .pictures import use_pictures
from .rendering import set_body
from .validation import check_post


def post_answer(question: Post, *, actor: Actor, body: str, now: datetime) -> Post:
    """Post an answer to `question`. A repeated submission returns the first answer.

    Raises `InvalidInput` (body) and `Forbidden`.
    """
    text = check_post("answer", title="", body=body, tags="", uses_math=uses_math(question.board_id))
    lock_row(question)
    require_can_answer(question, actor)
    answer = Post(
        board_id=question.board_id,
        parent_id=question.id,
        kind="answer",
        state=VISIBLE,
        author_id=actor.id,
        created_at=now,
        last_activity_at=now,
        locked_at=question.locked_at,
    )
    set_body(answer, text.body, text.html)
    answer, is_new = insert_deduplicated(answer, fingerprints(question.id, text.body, now=now))
    if is_new:
        use_pictures(text.html, post_id=answer.id, actor=actor)
        adjust_counters(answer, 1, now=now)
        emit(AnswerPosted(answer.id, question.id, actor.id))
    return answer


def require_can_answer(question: Post, actor: Actor) -> None:
    """Raise `Forbidden` with the reason if `actor` cannot answer `question`."""
    is_open = question.is_question and can_answer(actor, question)
    require(is_open, refusal_message(actor, _("This question no longer accepts answers.")))
