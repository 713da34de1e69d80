"""Counters that include a post: its author's, its board's and its question's."""

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import set_committed_value

from madang.accounts.models import User
from madang.boards.operations.counting import count_post, count_unanswered
from madang.core.db import add_to, db

from ..models import Post

_TABLE = Post.__table__
_UPDATE_POST = update(_TABLE).where(_TABLE.c.id == bindparam("post"))
_SET_ACTIVITY = _UPDATE_POST.values(last_activity_at=bindparam("now"))
_ADD_ANSWERS = _SET_ACTIVITY.values(
    answer_count=_TABLE.c.answer_count + bindparam("by", type_=_TABLE.c.answer_count.type)
)


def record_activity(post_id: int, now: datetime) -> None:
    """Set the time of the last activity of a post, by which lists of active posts are sorted."""
    db.write(_SET_ACTIVITY, {"post": post_id, "now": now})


def adjust_counters(post: Post, by: int, *, now: datetime | None = None) -> None:
    """Adjust every counter that includes `post` when it becomes visible (`by` 1) or hidden (-1).

    The caller has locked the question of an answer; `now`, if given, becomes its time of last activity.
    """
    if post.author_id is not None and post.kind in ("question", "answer"):
        add_to(User, post.author_id, **{f"{post.kind}_count": by})
    if post.is_answer:
        _adjust_answer_counters(post, by, now)
    else:
        count_post(post.board_id, post.created_at, by)
        if post.is_question and post.answer_count == 0:
            count_unanswered(post.board_id, by)


def _adjust_answer_counters(answer: Post, by: int, now: datetime | None) -> None:
    question = db.session.get_one(Post, answer.parent_id)
    active_at = now or question.last_activity_at
    db.write(_ADD_ANSWERS, {"post": question.id, "by": by, "now": active_at})
    set_committed_value(question, "answer_count", question.answer_count + by)
    set_committed_value(question, "last_activity_at", active_at)
    if question.is_deleted:
        return
    if by > 0 and question.answer_count == 1:
        count_unanswered(question.board_id, -1)
    elif by < 0 and question.answer_count == 0:
        count_unanswered(question.board_id, 1)
