"""The flags of an actor by role."""

import pytest

from tests.actors import ACTORS


@pytest.mark.parametrize(
    ("who", "has_identity", "is_guest", "is_authenticated", "is_staff"),
    [
        ("visitor", False, False, False, False),
        ("guest", True, True, False, False),
        ("member", True, False, True, False),
        ("moderator", True, False, True, True),
        ("admin", True, False, True, True),
        ("suspended member", True, False, True, False),
        ("suspended admin", True, False, True, True),
        ("command line", False, False, False, True),
    ],
)
def test_flags_of_an_actor_follow_from_the_role(who, has_identity, is_guest, is_authenticated, is_staff):
    actor = ACTORS[who]
    flags = (actor.has_identity, actor.is_guest, actor.is_authenticated, actor.is_staff)
    assert flags == (has_identity, is_guest, is_authenticated, is_staff)
    assert actor.is_anonymous is not actor.is_authenticated
    assert actor.is_active is actor.has_identity
