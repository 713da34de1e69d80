"""Sentences, labels, icons and channels of the kinds of notification."""

import pytest

from madang.notifications.queries import NotificationActor, NotificationLine
from madang.notifications.sentences import describe_actors, line_sentence, mailed_sentence, sentence_around_badge

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("names", "count", "text"),
    [
        ([], 0, "Someone"),
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
        ({"people": ()}, "Someone answered your question “A yard”"),
        ({"is_gone": True}, "This was about something that has been deleted"),
    ],
)
def test_line_sentence(values, text):
    assert line_sentence(line(**values)) == text


@pytest.mark.parametrize(
    ("people", "values", "parts"),
    [
        ([("Ann", "admin")], {}, ("Ann", "admin", " answered your question “A yard”")),
        ([("Ann", "member")], {}, ("Ann", "member", " answered your question “A yard”")),
        ([("Ann", "admin")], {"is_gone": True}, ("This was about something that has been deleted", "", "")),
        ([("Ann", "admin")], {"payload": {"count": 3}}, ("Ann answered your question “A yard”", "", "")),
        (
            [("Ann", "admin"), ("Bob", "member")],
            {"payload": {"count": 2}},
            ("Ann and Bob answered your question “A yard”", "", ""),
        ),
        ([], {}, ("Someone answered your question “A yard”", "", "")),
    ],
)
def test_the_badge_of_staff_stands_beside_the_name_of_one_person(people, values, parts):
    actors = tuple(NotificationActor(name.lower(), name, None, role) for name, role in people)
    assert sentence_around_badge(line(**{"people": actors, "payload": {}, **values})) == parts


def test_mails_say_usernames_and_who_is_staff():
    assert mailed_sentence(line()) == "Ann Lee (@ann) and Bob (@bob, Administrator) answered your question “A yard”"
    plain = (NotificationActor("ann", "ann", None, "member"), NotificationActor("bob", "bob", None, "moderator"))
    assert mailed_sentence(line(people=plain)) == "ann and bob (Moderator) answered your question “A yard”"
    guest = (NotificationActor("7KM2QX", "Guest 7KM2QX", None, "guest"),)
    assert mailed_sentence(line(people=guest, payload={})) == "Guest 7KM2QX answered your question “A yard”"
