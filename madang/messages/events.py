"""What happens in conversations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """`receiver_ids` are those who are told: they have neither left nor muted the conversation nor blocked the author.

    The author of the site's own messages is None.
    """

    message_id: int
    conversation_id: int
    author_id: int | None
    receiver_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnreadMessagesChanged:
    """The number in a person's top bar is another one; several conversations at once have no id."""

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
