"""Permissions for boards. Every actor that a row does not name is refused."""

from dataclasses import dataclass

import pytest

from madang.boards.policies import can_see_board, is_wider
from tests.actors import (
    ACTORS,
    ADMINS,
    COLUMNS,
    COMMAND_LINE,
    STAFF,
    SUSPENDED_MEMBERS,
    SUSPENDED_STAFF,
    WRITERS,
    member,
    rule,
    who_may,
)


@dataclass(frozen=True)
class BoardRow:
    """The attributes of a board that policies read."""

    readers: str
    reader_group_ids: tuple[int, ...] = ()


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
        "for groups of which nobody is a member",
        ADMINS | {"suspended admin"} | COMMAND_LINE,
        BoardRow("groups", (1, 2)),
    ),
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


@pytest.mark.parametrize(
    ("mine", "boards", "allowed"), [({3}, (3,), True), ({1, 3}, (3, 4), True), ({1}, (3, 4), False)]
)
def test_members_of_a_group_see_its_boards(mine, boards, allowed):
    assert can_see_board(member(group_ids=frozenset(mine)), BoardRow("groups", boards)) is allowed
    assert not can_see_board(member(group_ids=frozenset(mine)), BoardRow("staff", boards))


E, M, S = BoardRow("everyone"), BoardRow("members"), BoardRow("staff")
G1, G2, G12 = BoardRow("groups", (1,)), BoardRow("groups", (2,)), BoardRow("groups", (1, 2))


@pytest.mark.parametrize(
    ("board", "than"),
    [(E, M), (E, S), (E, G1), (M, S), (M, G12), (S, G1), (G1, S), (G12, G1), (G1, G2), (G12, G2)],
)
def test_a_board_is_wider_if_anybody_sees_it_who_does_not_see_the_other(board, than):
    assert is_wider(board, than=than)


@pytest.mark.parametrize(
    ("board", "than"), [(E, E), (M, M), (S, S), (M, E), (S, M), (G1, E), (G1, M), (G1, G1), (G1, G12)]
)
def test_a_board_is_not_wider_if_the_same_people_see_it_or_fewer(board, than):
    assert not is_wider(board, than=than)
