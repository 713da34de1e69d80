"""Events of conversations, blocks and message reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """A message was written; `author_id` is None for a message of the site itself.

    `receiver_ids` are the members to notify: those who have not left or muted the conversation or blocked the author.
    """

    message_id: int
    conversation_id: int
    author_id: int | None
    receiver_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnreadMessagesChanged:
    """The unread count in a person's top bar changed; `conversation_id` is None if several conversations changed it."""

    user_id: int
    conversation_id: int | None


@dataclass(frozen=True, slots=True)
class ConversationLeft:
    conversation_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class PersonBlocked:
    blocker_id: int
    blocked_id: int


@dataclass(frozen=True, slots=True)
class MessageReported:
    report_id: int
    reporter_id: int | None
