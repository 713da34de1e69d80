"""Permissions for boards. Every actor that a row does not name is refused."""

from dataclasses import dataclass

import pytest

from madang.boards.policies import can_see_board
from tests.actors import (
    ACTORS,
    ADMINS,
    COLUMNS,
    COMMAND_LINE,
    STAFF,
    SUSPENDED_MEMBERS,
    SUSPENDED_STAFF,
    WRITERS,
    rule,
    who_may,
)


@dataclass(frozen=True)
class BoardRow:
    """The attributes of a board that policies read."""

    readers: str
    id: int = 1


TABLE = [
    rule(can_see_board, "for everyone", set(ACTORS), BoardRow("everyone")),
    rule(
        can_see_board,
        "for members",
        WRITERS | SUSPENDED_MEMBERS | SUSPENDED_STAFF | COMMAND_LINE,
        BoardRow("members"),
    ),
    rule(can_see_board, "for staff", STAFF | SUSPENDED_STAFF | COMMAND_LINE, BoardRow("staff")),
    rule(
        can_see_board,
        "for what a later version means",
        ADMINS | {"suspended admin"} | COMMAND_LINE,
        BoardRow("something else"),
    ),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_only_the_listed_actors_are_allowed(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
