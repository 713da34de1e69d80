"""Sentences, labels, icons and channels of the kinds of notification."""

import pytest

from madang.notifications.models.kinds import CHANNELS, KINDS, is_delivered_by
from madang.notifications.queries import NotificationActor, NotificationLine
from madang.notifications.sentences import describe_actors, icon_of, kind_label, line_sentence, notification_sentence

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


@pytest.mark.parametrize(
    ("name", "payload", "text"),
    [
        ("answer_posted", {}, "Ann answered your question “A yard”"),
        ("comment_posted", {}, "Ann commented on “A yard”"),
        ("mentioned", {}, "Ann mentioned you in “A yard”"),
        ("answer_accepted", {}, "Ann accepted your answer to “A yard”"),
        ("post_voted", {}, "Ann voted for what you wrote in “A yard”"),
        ("followed_question_answered", {}, "Ann answered “A yard”, a question that you follow"),
        ("person_followed", {}, "Ann began to follow you"),
        ("message_received", {}, "Ann wrote you a message"),
        ("todo_due", {}, "You asked to be reminded: A yard"),
        ("job_finished", {"job_name": "gone.job", "state": "done"}, "“gone.job” is done"),
        ("job_finished", {"job_name": "gone.job", "state": "failed"}, "“gone.job” did not work out"),
        (
            "flag_settled",
            {"verdict": "upheld"},
            "The moderators agreed with your flag in “A yard”. Thank you",
        ),
        (
            "flag_settled",
            {"verdict": "declined"},
            "The moderators looked at what you flagged in “A yard” and let it stand",
        ),
    ],
)
def test_notification_sentence(name, payload, text):
    assert notification_sentence(name, "Ann", "A yard", payload) == text


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        ("upheld", "The moderators agreed with your flag, and it has been taken away. Thank you"),
        ("declined", "The moderators looked at what you flagged and saw nothing wrong with it"),
    ],
)
def test_a_verdict_on_a_deleted_post_has_no_title(verdict, text):
    assert notification_sentence("flag_settled", "", "", {"verdict": verdict}) == text


def line(**values: object) -> NotificationLine:
    people = (NotificationActor("ann", "Ann Lee", None), NotificationActor("bob", "Bob", None))
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


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_a_sentence_a_label_and_an_icon(name):
    assert notification_sentence(name, "Ann", "A yard", {"job_name": "gone.job"})
    assert kind_label(name)
    assert icon_of(name)


@pytest.mark.parametrize(
    ("choice", "web", "email"),
    [("web", True, False), ("email", False, True), ("both", True, True), ("none", False, False)],
)
def test_a_chosen_channel_is_used(choice, web, email):
    choices = {"mentioned": choice}
    assert (is_delivered_by("mentioned", "web", choices), is_delivered_by("mentioned", "email", choices)) == (
        web,
        email,
    )
    assert choice in CHANNELS


@pytest.mark.parametrize(
    ("name", "web", "email"),
    [
        ("answer_posted", True, True),
        ("comment_posted", True, True),
        ("mentioned", True, True),
        ("answer_accepted", True, True),
        ("todo_due", True, True),
        ("post_voted", True, False),
        ("followed_question_answered", True, False),
        ("person_followed", True, False),
        ("job_finished", True, False),
        ("flag_settled", True, False),
        ("message_received", False, True),
    ],
)
def test_default_channels(name, web, email):
    assert (is_delivered_by(name, "web", {}), is_delivered_by(name, "email", {})) == (web, email)
