"""What an actor is by their role."""

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
def test_a_role_says_what_an_actor_is(who, has_identity, is_guest, is_authenticated, is_staff):
    actor = ACTORS[who]
    found = (actor.has_identity, actor.is_guest, actor.is_authenticated, actor.is_staff)
    assert found == (has_identity, is_guest, is_authenticated, is_staff)
    assert actor.is_anonymous is not actor.is_authenticated
    assert actor.is_active is actor.has_identity
