"""Who may do what with messages."""

from typing import Protocol

from madang.core.actor import STAFF, Actor


class Talk(Protocol):
    @property
    def is_system(self) -> bool: ...


class Said(Protocol):
    @property
    def author_id(self) -> int | None: ...


class Somebody(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def role(self) -> str: ...


def can_start_conversation(actor: Actor) -> bool:
    """Members who are not suspended; a guest answers only."""
    return actor.id is not None and not actor.is_guest and not actor.is_suspended


def can_post_message(actor: Actor, conversation: Talk) -> bool:
    """Nobody answers the site itself."""
    return actor.id is not None and not actor.is_suspended and not conversation.is_system


def can_report_message(actor: Actor, message: Said) -> bool:
    """What somebody else wrote."""
    return actor.id is not None and message.author_id not in (None, actor.id)


def can_block_person(actor: Actor, user: Somebody) -> bool:
    """Staff must be able to reach everybody."""
    return actor.id is not None and actor.id != user.id and user.role not in STAFF


def can_see_reports(actor: Actor) -> bool:
    """What others wrote in confidence is for those who moderate at present."""
    return actor.is_staff and not actor.is_suspended
