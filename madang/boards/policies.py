"""Permissions for boards."""

from collections.abc import Collection
from typing import Protocol

from madang.core.actor import Actor

EVERYONE, MEMBERS, STAFF, GROUPS = READERS = ("everyone", "members", "staff", "groups")
_RANK = {EVERYONE: 0, MEMBERS: 1, STAFF: 2, GROUPS: 2}


class Readable(Protocol):
    """Who may see a board: `readers`, and the ids of the groups if these are groups."""

    @property
    def readers(self) -> str: ...
    @property
    def reader_group_ids(self) -> Collection[int]: ...


def can_see_board(actor: Actor, board: Readable) -> bool:
    """Whether the board exists for the actor; for those whom it is not for it is as if there were none."""
    if board.readers == EVERYONE or actor.role == "admin":
        return True
    if board.readers == MEMBERS:
        return actor.is_authenticated
    if board.readers == GROUPS:
        return not actor.group_ids.isdisjoint(board.reader_group_ids)
    return board.readers == STAFF and actor.is_staff


def is_wider(board: Readable, *, than: Readable) -> bool:
    """Whether a board may be seen by people who may not see the other."""
    if board.readers == than.readers:
        return board.readers == GROUPS and not set(board.reader_group_ids) <= set(than.reader_group_ids)
    return _RANK[board.readers] <= _RANK[than.readers]
