"""The followers of a question are notified of an answer."""

from sqlalchemy import bindparam, select

from madang.core.db import db
from madang.core.i18n import _
from madang.following.models import QUESTION, Follow

from ..models.tables import Payload
from .base import EventKind, Ids, Notice
from .lookups import answer_payload, public_answer

BATCH_SIZE = 200  # followers that one job notifies
_BATCH = (
    select(Follow.id, Follow.follower_id)
    .where(Follow.kind == QUESTION, Follow.target_id == bindparam("question_id"), Follow.id > bindparam("after"))
    .order_by(Follow.id)
    .limit(BATCH_SIZE)
)


class FollowedQuestionAnswered(EventKind):
    """A new answer, for the followers of its question."""

    name = "followed_question_answered"
    position = 60
    icon = "chat-left-text"
    default_channel = "web"

    def label(self) -> str:
        return _("Someone answers a question I follow")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("%(who)s answered “%(title)s”, a question you follow", who=who, title=title)

    def notice(self, ids: Ids) -> Notice | None:
        """The followers of one batch; `ids["after"]` is the last follow of the previous one."""
        answer = public_answer(ids["post_id"])
        if answer is None:
            return None
        rows = db.rows(_BATCH, {"question_id": answer.parent_id, "after": ids.get("after", 0)})
        return Notice(
            kind=self.name,
            recipients=[row.follower_id for row in rows],
            dedupe_key=f"post:{answer.id}",
            group_key=f"followed:{answer.parent_id}",
            payload=answer_payload(answer, answer.author_id),
            rest={"post_id": answer.id, "after": rows[-1].id} if len(rows) == BATCH_SIZE else None,
        )
