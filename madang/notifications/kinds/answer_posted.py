"""The author of a question is notified of an answer."""

from madang.core.db import db
from madang.core.i18n import _
from madang.posts.models import Post

from ..models.tables import Payload
from .base import EventKind, Ids, Notice
from .lookups import answer_payload, public_answer


class AnswerPosted(EventKind):
    """A new answer, for the author of its question; an edited one too, if they were not notified of it."""

    name = "answer_posted"
    position = 10
    icon = "chat-left-text"

    def label(self) -> str:
        return _("Someone answers my question")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("%(who)s answered your question “%(title)s”", who=who, title=title)

    def notice(self, ids: Ids) -> Notice | None:
        answer = public_answer(ids["post_id"])
        if answer is None:
            return None
        return Notice(
            kind=self.name,
            recipients=[db.session.get_one(Post, answer.parent_id).author_id],
            dedupe_key=f"post:{answer.id}",
            group_key=f"answers:{answer.parent_id}",
            payload=answer_payload(answer, answer.author_id),
        )
