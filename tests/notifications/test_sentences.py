"""Sentences, labels, icons and channels of the kinds of notification."""

import pytest

from madang.notifications.queries import NotificationActor, NotificationLine
from madang.notifications.sentences import describe_actors, line_sentence

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("names", "count", "text"),
    [
        ([], 0, "Somebody"),
        (["Ann"], 1, "Ann"),
        (["Ann", "Bob"], 2, "Ann and Bob"),
        (["Ann", "Bob"], 3, "Ann and 2 others"),
        (["Ann", "Bob", "Cho"], 3, "Ann and 2 others"),
        (["Ann", "Bob"], 1_000, "Ann and 999 others"),
    ],
)
def test_describe_actors(names, count, text):
    assert describe_actors(names, count) == text


def line(**values: object) -> NotificationLine:
    people = (NotificationActor("ann", "Ann Lee", None, "member"), NotificationActor("bob", "Bob", None, "admin"))
    defaults = {
        "id": 1, "name": "answer_posted", "payload": {"count": 2}, "created_at": None, "is_read": False,
        "people": people, "title": "A yard", "is_gone": False,
    }  # fmt: skip
    return NotificationLine(**{**defaults, **values})


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "Ann Lee and Bob answered your question “A yard”"),
        ({"payload": {"count": 5}}, "Ann Lee and 4 others answered your question “A yard”"),
        ({"people": ()}, "Somebody answered your question “A yard”"),
        ({"is_gone": True}, "This was about something that has been taken away"),
    ],
)
def test_line_sentence(values, text):
    assert line_sentence(line(**values)) == text
