"""Verify and repair the counter columns by counting the rows they stand for.

Operations update counters with every write. `madang check --counts` compares them; an import rewrites them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, ScalarSelect, bindparam, delete, extract, func, insert, select, update
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.boards.models import Board, BoardPeriod
from madang.comments.models import COMMENT_VISIBLE, Comment
from madang.core.db import Base, db, transaction
from madang.following.models import PERSON, TAG, Follow
from madang.messages.models import Conversation, ConversationMember, Message
from madang.messages.queries.conversations import unread_count_subquery
from madang.notifications.models.tables import Notification
from madang.posts.models import VISIBLE, Post
from madang.tags.models import PostTag, Tag
from madang.votes.models import CommentVote, PostVote

BATCH_SIZE = 2_000
Answer = aliased(Post)
Question = aliased(Post)


class Difference(NamedTuple):
    """A counter whose stored value differs from the counted one; `key` identifies its row."""

    table: str
    key: str
    column: str
    stored: int
    counted: int

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.column} is {self.stored}, counted {self.counted}"


@dataclass(frozen=True)
class Counter:
    """A column of `table`, and the expression that counts its correct value."""

    table: type[Base]
    column: str
    counted: ColumnElement[int]


def _count_of(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(*conditions).scalar_subquery()


def _visible_posts(kind: str) -> ScalarSelect[int]:
    return _count_of(Answer.author_id == User.id, Answer.kind == kind, Answer.state == VISIBLE)


_up_and_down = select(func.coalesce(func.sum(PostVote.value), 0)).where(PostVote.post_id == Post.id)
_is_titled = (Post.parent_id.is_(None), Post.state == VISIBLE)
_accepted = (Answer.author_id == User.id, Question.id == Answer.parent_id, Question.accepted_answer_id == Answer.id)

_last_message = select(func.coalesce(func.max(Message.id), 0)).where(Message.conversation_id == Conversation.id)
_unread = select(func.coalesce(func.sum(ConversationMember.unread_count), 0)).where(
    ConversationMember.user_id == User.id, ConversationMember.is_muted.is_(False)
)

# The order matters: later counters are counted from earlier ones, which must be repaired first.
COUNTERS = (
    Counter(Post, "answer_count", _count_of(Answer.parent_id == Post.id, Answer.state == VISIBLE)),
    Counter(Post, "comment_count", _count_of(Comment.post_id == Post.id, Comment.state == COMMENT_VISIBLE)),
    Counter(Post, "score", Post.imported_up - Post.imported_down + _up_and_down.scalar_subquery()),
    Counter(Comment, "score", Comment.imported_up + _count_of(CommentVote.comment_id == Comment.id)),
    Counter(User, "question_count", _visible_posts("question")),
    Counter(User, "answer_count", _visible_posts("answer")),
    Counter(User, "comment_count", _count_of(Comment.author_id == User.id, Comment.state == COMMENT_VISIBLE)),
    Counter(User, "accepted_count", _count_of(*_accepted)),
    Counter(Tag, "post_count", _count_of(PostTag.tag_id == Tag.id)),
    Counter(Board, "post_count", _count_of(Post.board_id == Board.id, *_is_titled)),
    Counter(
        Board,
        "unanswered_count",
        _count_of(Post.board_id == Board.id, Post.kind == "question", Post.answer_count == 0, *_is_titled),
    ),
    Counter(User, "follower_count", _count_of(Follow.kind == PERSON, Follow.target_id == User.id)),
    Counter(User, "following_count", _count_of(Follow.kind == PERSON, Follow.follower_id == User.id)),
    Counter(Tag, "follower_count", _count_of(Follow.kind == TAG, Follow.target_id == Tag.id)),
    Counter(Conversation, "message_count", _count_of(Message.conversation_id == Conversation.id)),
    Counter(Conversation, "last_message_id", _last_message.scalar_subquery()),
    Counter(ConversationMember, "unread_count", unread_count_subquery()),
    Counter(User, "unread_message_count", _unread.scalar_subquery()),
    Counter(
        User,
        "unread_notification_count",
        _count_of(Notification.user_id == User.id, Notification.is_activity.is_(True), Notification.read_at.is_(None)),
    ),
)


def differences() -> Iterator[Difference]:
    """Yield every counter whose stored value is wrong."""
    for counter in COUNTERS:
        for rows in _wrong_rows(counter):
            for row_id, stored, counted in rows:
                yield Difference(counter.table.__tablename__, str(row_id), counter.column, stored, counted)
    yield from _wrong_periods()


def repair_counters() -> int:
    """Correct every wrong counter, in many transactions. Returns how many were wrong."""
    repaired_count = sum(_repair(counter, rows) for counter in COUNTERS for rows in _wrong_rows(counter))
    wrong_periods = list(_wrong_periods())
    if wrong_periods:
        with transaction() as session:
            session.execute(delete(BoardPeriod))
            session.execute(insert(BoardPeriod), _periods())
    return repaired_count + len(wrong_periods)


def _wrong_rows(counter: Counter) -> Iterator[Sequence[Row]]:
    """Rows (id, stored, counted) whose counter is wrong, up to `BATCH_SIZE` at a time."""
    ids = counter.table.__table__.c.id
    stored = getattr(counter.table, counter.column)
    last = 0
    while True:
        wrong = select(ids, stored, counter.counted).where(ids > last, stored != counter.counted)
        rows = db.session.execute(wrong.order_by(ids).limit(BATCH_SIZE)).all()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _repair(counter: Counter, rows: Sequence[Row]) -> int:
    """Write the counted values, except where the stored value has changed meanwhile."""
    table = counter.table.__table__
    column = table.c[counter.column]
    change = update(table).where(table.c.id == bindparam("row_id"), column == bindparam("stored"))
    values = [{"row_id": row_id, "stored": stored, "counted": counted} for row_id, stored, counted in rows]
    with transaction() as session:
        session.execute(change.values({counter.column: bindparam("counted")}), values)
    return len(rows)


def _wrong_periods() -> Iterator[Difference]:
    stored = {(row.board_id, row.period): row.post_count for row in db.session.execute(_stored_periods)}
    counted = {(row["board_id"], row["period"]): row["post_count"] for row in _periods()}
    for board_id, period in sorted(stored.keys() | counted.keys()):
        stored_count, counted_count = stored.get((board_id, period), 0), counted.get((board_id, period), 0)
        if stored_count != counted_count:
            key = f"{board_id}/{period}"
            yield Difference(BoardPeriod.__tablename__, key, "post_count", stored_count, counted_count)


_stored_periods = select(BoardPeriod.board_id, BoardPeriod.period, BoardPeriod.post_count)


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
