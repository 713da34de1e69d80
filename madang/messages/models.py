"""Tables of conversations, their members, messages, blocks and message reports."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, LongText, table_args

BODY_MAX = 10_000
TITLE_MAX = 120
REASON_MAX = 500
MAX_RECIPIENTS = 20
EXCERPT_LENGTH = 140


class Conversation(Base):
    """A conversation of two or more people, or of the site and one person.

    The unique `people_key` is `pair:<id>:<id>` for two people, so that they have one conversation; `system:<id>` for
    the site's conversation with a person; for a group a fingerprint of its first message, so that a double click
    creates one group.
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
    """A person's membership of a conversation, with read marks.

    `unread_count` is the number of messages after `last_read_message_id` by others, without those of blocked people;
    lock the row before changing it. Messages up to `starts_after_id` are hidden: they were written before the person
    left and rejoined.
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
    """A message in a conversation.

    Without an author, it was written by the site if the conversation `is_system`, else by a deleted person.
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
    """`blocker_id` receives no messages from `blocked_id`."""

    __tablename__ = "blocks"
    blocker_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime]


class MessageReport(Base):
    """A message reported to the moderators, with a copy of its text: the conversation may be deleted later."""

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
