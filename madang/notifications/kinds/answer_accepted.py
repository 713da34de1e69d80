"""The author of an answer is notified that it was accepted."""

from madang.core.db import db
from madang.core.i18n import _
from madang.posts.models import Post

from ..models.tables import Payload
from .base import EventKind, Ids, Notice
from .lookups import answer_payload, public_answer


class AnswerAccepted(EventKind):
    """An accepted answer, for its author."""

    name = "answer_accepted"
    position = 40
    icon = "check-circle"

    def label(self) -> str:
        return _("My answer is accepted")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("%(who)s accepted your answer to “%(title)s”", who=who, title=title)

    def notice(self, ids: Ids) -> Notice | None:
        answer = public_answer(ids["answer_id"])
        question = db.session.get(Post, answer.parent_id) if answer is not None else None
        if answer is None or question is None or question.accepted_answer_id != answer.id:
            return None
        key = f"accepted:{answer.id}"
        return Notice(
            kind=self.name,
            recipients=[answer.author_id],
            dedupe_key=key,
            group_key=key,
            payload=answer_payload(answer, question.author_id),
        )
