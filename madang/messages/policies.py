"""Permissions for conversations, messages, blocks and reports."""

from typing import Protocol

from madang.core.actor import STAFF, Actor


class ConversationLike(Protocol):
    @property
    def is_system(self) -> bool: ...


class MessageLike(Protocol):
    @property
    def author_id(self) -> int | None: ...


class PersonLike(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def role(self) -> str: ...


def can_start_conversation(actor: Actor) -> bool:
    """Accounts that are not suspended; guests can only answer."""
    return actor.id is not None and not actor.is_guest and not actor.is_suspended


def can_post_message(actor: Actor, conversation: ConversationLike) -> bool:
    """Everybody who is not suspended, except in the site's own conversations."""
    return actor.id is not None and not actor.is_suspended and not conversation.is_system


def can_report_message(actor: Actor, message: MessageLike) -> bool:
    """Messages of other people; not those of the site or of deleted people."""
    return actor.id is not None and message.author_id not in (None, actor.id)


def can_block_person(actor: Actor, user: PersonLike) -> bool:
    """Anybody but oneself and the staff, who must be able to reach everybody."""
    return actor.id is not None and actor.id != user.id and user.role not in STAFF


def can_see_reports(actor: Actor) -> bool:
    """Staff who are not suspended, since the messages are private."""
    return actor.is_staff and not actor.is_suspended
