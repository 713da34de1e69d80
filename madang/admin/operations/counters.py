"""Counters that stand in columns, and the proof of them: what they must say, counted anew from the rows.

Operations keep them with every write. Here they are compared (`madang check --counts`) and written after an import.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, extract, func, insert, select, update
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.boards.models import Board, BoardPeriod
from madang.comments.models import VISIBLE as VISIBLE_COMMENT
from madang.comments.models import Comment
from madang.core.db import Base, db, transaction
from madang.following.models import PERSON, TAG, Follow
from madang.messages.models import Conversation, ConversationMember, Message
from madang.messages.queries.conversations import unread_messages
from madang.notifications.models.tables import Notification
from madang.posts.models import VISIBLE, Post
from madang.tags.models import PostTag, Tag
from madang.votes.models import CommentVote, PostVote

AT_ONCE = 2_000
Answer = aliased(Post)
Question = aliased(Post)


class Difference(NamedTuple):
    """A counter that does not say what is counted; `key` names its row."""

    table: str
    key: str
    column: str
    stored: int
    counted: int

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.column} is {self.stored}, counted {self.counted}"


@dataclass(frozen=True)
class Counter:
    """A column of `table`, and the subquery that counts what it must say."""

    table: type[Base]
    column: str
    counted: Any


def _number_of(*conditions: Any, start: Any = None) -> Any:
    counted = select(func.count()).where(*conditions)
    return (counted.select_from(start) if start is not None else counted).scalar_subquery()


def _visible(kind: str) -> Any:
    return _number_of(Answer.author_id == User.id, Answer.kind == kind, Answer.state == VISIBLE)


_up_and_down = select(func.coalesce(func.sum(PostVote.value), 0)).where(PostVote.post_id == Post.id)
_is_titled = (Post.parent_id.is_(None), Post.state == VISIBLE)
_accepted = (Answer.author_id == User.id, Question.id == Answer.parent_id, Question.accepted_answer_id == Answer.id)

_last_message = select(func.coalesce(func.max(Message.id), 0)).where(Message.conversation_id == Conversation.id)
_unread = select(func.coalesce(func.sum(ConversationMember.unread_count), 0)).where(
    ConversationMember.user_id == User.id, ConversationMember.is_muted.is_(False)
)

# In this order: what a later one counts by, an earlier one has mended.
COUNTERS = (
    Counter(Post, "answer_count", _number_of(Answer.parent_id == Post.id, Answer.state == VISIBLE)),
    Counter(Post, "comment_count", _number_of(Comment.post_id == Post.id, Comment.state == VISIBLE_COMMENT)),
    Counter(Post, "score", Post.imported_up - Post.imported_down + _up_and_down.scalar_subquery()),
    Counter(Comment, "score", Comment.imported_up + _number_of(CommentVote.comment_id == Comment.id)),
    Counter(User, "question_count", _visible("question")),
    Counter(User, "answer_count", _visible("answer")),
    Counter(User, "comment_count", _number_of(Comment.author_id == User.id, Comment.state == VISIBLE_COMMENT)),
    Counter(User, "accepted_count", _number_of(*_accepted)),
    Counter(Tag, "post_count", _number_of(PostTag.tag_id == Tag.id)),
    Counter(Board, "post_count", _number_of(Post.board_id == Board.id, *_is_titled)),
    Counter(
        Board,
        "unanswered_count",
        _number_of(Post.board_id == Board.id, Post.kind == "question", Post.answer_count == 0, *_is_titled),
    ),
    Counter(User, "follower_count", _number_of(Follow.kind == PERSON, Follow.target_id == User.id)),
    Counter(User, "following_count", _number_of(Follow.kind == PERSON, Follow.follower_id == User.id)),
    Counter(Tag, "follower_count", _number_of(Follow.kind == TAG, Follow.target_id == Tag.id)),
    Counter(Conversation, "message_count", _number_of(Message.conversation_id == Conversation.id)),
    Counter(Conversation, "last_message_id", _last_message.scalar_subquery()),
    Counter(ConversationMember, "unread_count", unread_messages()),
    Counter(User, "unread_message_count", _unread.scalar_subquery()),
    Counter(
        User,
        "unread_notification_count",
        _number_of(Notification.user_id == User.id, Notification.is_activity.is_(True), Notification.read_at.is_(None)),
    ),
)


def differences() -> Iterator[Difference]:
    """Every counter that is wrong."""
    for counter in COUNTERS:
        for rows in _wrong(counter):
            for row_id, stored, counted in rows:
                yield Difference(counter.table.__tablename__, str(row_id), counter.column, stored, counted)
    yield from _wrong_periods()


def repair_counters() -> int:
    """Write what is counted into every counter that is wrong; returns how many were. In many transactions."""
    mended = sum(_mend(counter, rows) for counter in COUNTERS for rows in _wrong(counter))
    wrong_periods = list(_wrong_periods())
    if wrong_periods:
        with transaction() as session:
            session.execute(delete(BoardPeriod))
            session.execute(insert(BoardPeriod), _periods())
    return mended + len(wrong_periods)


def _wrong(counter: Counter) -> Iterator[list[Any]]:
    """Rows (id, stored, counted) whose counter is wrong, some thousand at a time."""
    ids: Any = counter.table.__table__.c.id
    stored: Any = getattr(counter.table, counter.column)
    last = 0
    while True:
        wrong = select(ids, stored, counter.counted).where(ids > last, stored != counter.counted)
        rows = db.session.execute(wrong.order_by(ids).limit(AT_ONCE)).all()
        if not rows:
            return
        yield list(rows)
        last = rows[-1][0]


def _mend(counter: Counter, rows: list[Any]) -> int:
    """Where somebody else counted meanwhile, theirs stays."""
    table: Any = counter.table.__table__
    column = table.c[counter.column]
    change = update(table).where(table.c.id == bindparam("row_id"), column == bindparam("stored"))
    values = [{"row_id": row_id, "stored": stored, "counted": counted} for row_id, stored, counted in rows]
    with transaction() as session:
        session.execute(change.values({counter.column: bindparam("counted")}), values)
    return len(rows)


def _wrong_periods() -> Iterator[Difference]:
    stored = {(row.board_id, row.period): row.post_count for row in db.session.execute(_stored_periods)}
    counted = {(each["board_id"], each["period"]): each["post_count"] for each in _periods()}
    for board_id, period in sorted(stored.keys() | counted.keys()):
        was, must = stored.get((board_id, period), 0), counted.get((board_id, period), 0)
        if was != must:
            yield Difference(BoardPeriod.__tablename__, f"{board_id}/{period}", "post_count", was, must)


_stored_periods = select(BoardPeriod.board_id, BoardPeriod.period, BoardPeriod.post_count)


def _periods() -> list[dict[str, int]]:
    """How many posts stand on each board of each month and day."""
    month = extract("year", Post.created_at) * 100 + extract("month", Post.created_at)
    day = month * 100 + extract("day", Post.created_at)
    rows = []
    for period in (month, day):
        counted = select(Post.board_id, period.label("period"), func.count().label("post_count")).where(*_is_titled)
        for board_id, number, count in db.session.execute(counted.group_by(Post.board_id, period)):
            rows.append({"board_id": board_id, "period": int(number), "post_count": count})
    return rows
