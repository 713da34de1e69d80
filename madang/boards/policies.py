"""Permissions for boards."""

from typing import Protocol

from madang.core.actor import Actor

EVERYONE, MEMBERS, STAFF = READERS = ("everyone", "members", "staff")


def is_wider(readers: str, than: str) -> bool:
    """Whether more people see a board of these `readers` than one of the others."""
    return READERS.index(readers) < READERS.index(than)


class BoardLike(Protocol):
    """Attributes of a board that the policies read; the entity and the rows of pages have them."""

    @property
    def id(self) -> int: ...
    @property
    def readers(self) -> str: ...


def can_see_board(actor: Actor, board: BoardLike) -> bool:
    """Whether the board exists for the actor; for those whom it is not for it is as if there were none."""
    if board.readers == EVERYONE or actor.role == "admin":
        return True
    if board.readers == MEMBERS:
        return actor.is_authenticated
    return board.readers == STAFF and actor.is_staff
