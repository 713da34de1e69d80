"""The display name of a conversation."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from madang.messages.fragments import conversation_display_name

pytestmark = pytest.mark.usefixtures("english")


@dataclass(frozen=True)
class Conversation:
    title: str = ""
    is_group: bool = False
    is_system: bool = False


@dataclass(frozen=True)
class Member:
    author_username: str | None
    author_display_name: str = ""
    author_role: str = "member"
    author_is_deleted: bool = False
    author_name: str | None = None
    author_avatar_file: str | None = None
    left_at: datetime | None = None


ANN, BOB, CHO, DAN = Member("ann", "Ann Lee"), Member("bob"), Member("cho", "조"), Member("dan")
EVE = Member("eve")
GUEST = Member("ABC123", author_role="guest")
GONE = Member("gone", author_is_deleted=True)
LEFT = Member("left", left_at=datetime(2026, 1, 1, tzinfo=UTC))
PAIR, GROUP = Conversation(), Conversation(is_group=True)


@pytest.mark.parametrize(
    ("conversation", "others", "name"),
    [
        (PAIR, [ANN], "Ann Lee"),
        (PAIR, [BOB], "bob"),
        (PAIR, [GUEST], "Guest ABC123"),
        (PAIR, [GONE], "deleted user"),
        (PAIR, [LEFT], "left"),
        (PAIR, [], "Former guest"),
        (GROUP, [ANN, BOB, CHO], "Ann Lee, bob, 조"),
        (GROUP, [ANN, BOB, CHO, DAN], "Ann Lee, bob, 조, 1 more"),
        (GROUP, [ANN, BOB, CHO, DAN, EVE], "Ann Lee, bob, 조, 2 more"),
        (GROUP, [ANN, LEFT], "Ann Lee"),
        (GROUP, [LEFT], "left"),
        (GROUP, [], "Only you"),
        (Conversation("Moving day", is_group=True), [ANN], "Moving day"),
        (Conversation("Moving day", is_group=True), [], "Moving day"),
    ],
)
def test_a_conversation_is_named_by_its_title_or_the_others(conversation, others, name):
    assert conversation_display_name(conversation, others) == name
