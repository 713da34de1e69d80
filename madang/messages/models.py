"""Conversations, who takes part in them, what is written there, and whom somebody does not want to hear from."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, LongText, table_args

BODY_MAX = 10_000
TITLE_MAX = 120
REASON_MAX = 500
MOST_RECIPIENTS = 20
EXCERPT_LENGTH = 140


class Conversation(Base):
    """Two or more people, or the site and one person.

    `people_key` is unique: the two people of a pair, so that they have one conversation; the person whom the site
    writes to; the fingerprint of a group's beginning, so that a double click begins one.
    """

    __tablename__ = "conversations"
    id: Mapped[Id]
    people_key: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(TITLE_MAX), default="")
    is_group: Mapped[bool] = mapped_column(default=False)
    is_system: Mapped[bool] = mapped_column(default=False)
    message_count: Mapped[int] = mapped_column(default=0)
    last_message_id: Mapped[int] = mapped_column(default=0)
    last_message_at: Mapped[datetime]
    created_at: Mapped[datetime]
    __table_args__ = table_args(UniqueConstraint("people_key"))


class ConversationMember(Base):
    """One person's part in a conversation, read marks included.

    Whoever changes `unread_count` holds this row, so that it stays the number of messages after `last_read_message_id`
    that others wrote, apart from people whom this one has blocked. Messages up to `starts_after_id` are not shown: they
    stand before the time when the person left and was written to again.
    """

    __tablename__ = "conversation_members"
    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    is_muted: Mapped[bool] = mapped_column(default=False)
    unread_count: Mapped[int] = mapped_column(default=0)
    last_read_message_id: Mapped[int] = mapped_column(default=0)
    last_message_read_at: Mapped[datetime | None]
    starts_after_id: Mapped[int] = mapped_column(default=0)
    last_message_at: Mapped[datetime]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    __table_args__ = table_args(
        UniqueConstraint("conversation_id", "user_id"),
        Index("ix_conversation_members_inbox", "user_id", "left_at", "last_message_at", "conversation_id"),
    )

    @property
    def has_left(self) -> bool:
        return self.left_at is not None


class Message(Base):
    """What somebody wrote in a conversation. The site's own is what stands in a conversation with it (`is_system`);
    anywhere else, a message without an author is of somebody who is gone.
    """

    __tablename__ = "messages"
    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    body: Mapped[str] = mapped_column(LongText)
    body_html: Mapped[str] = mapped_column(LongText)
    excerpt: Mapped[str] = mapped_column(String(EXCERPT_LENGTH + 1))
    created_at: Mapped[datetime]
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = table_args(
        UniqueConstraint("author_id", "fingerprint"),
        Index("ix_messages_conversation", "conversation_id", "id"),
    )


class Block(Base):
    """`blocker_id` does not want to hear from `blocked_id`."""

    __tablename__ = "blocks"
    blocker_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime]


class MessageReport(Base):
    """Somebody showed a message to the moderators. It holds the words: the conversation may be gone by then."""

    __tablename__ = "message_reports"
    id: Mapped[Id]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(String(REASON_MAX))
    body_html: Mapped[str] = mapped_column(LongText)
    written_at: Mapped[datetime]
    created_at: Mapped[datetime]
    __table_args__ = table_args(UniqueConstraint("message_id", "reporter_id"))
