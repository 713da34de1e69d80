"""What one is told, in words."""

import pytest

from madang.notifications.models.kinds import KINDS, WHERE, is_told_by
from madang.notifications.queries import Doer, Line
from madang.notifications.sentences import icon_of, kind_label, say, sentence, who

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("names", "count", "words"),
    [
        ([], 0, "Somebody"),
        (["Ann"], 1, "Ann"),
        (["Ann", "Bob"], 2, "Ann and Bob"),
        (["Ann", "Bob"], 3, "Ann and 2 others"),
        (["Ann", "Bob", "Cho"], 3, "Ann and 2 others"),
        (["Ann", "Bob"], 1_000, "Ann and 999 others"),
    ],
)
def test_people_are_named_or_counted(names, count, words):
    assert who(names, count) == words


@pytest.mark.parametrize(
    ("name", "payload", "words"),
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
def test_each_kind_has_its_sentence(name, payload, words):
    assert say(name, "Ann", "A yard", payload) == words


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("upheld", "The moderators agreed with your flag, and it has been taken away. Thank you"),
        ("declined", "The moderators looked at what you flagged and saw nothing wrong with it"),
    ],
)
def test_a_flag_of_what_has_gone_names_nothing(verdict, words):
    assert say("flag_settled", "", "", {"verdict": verdict}) == words


def line(**values: object) -> Line:
    people = (Doer("ann", "Ann Lee", None), Doer("bob", "Bob", None))
    usual = {
        "id": 1, "name": "answer_posted", "payload": {"count": 2}, "created_at": None, "is_read": False,
        "people": people, "title": "A yard", "is_gone": False,
    }  # fmt: skip
    return Line(**{**usual, **values})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Ann Lee and Bob answered your question “A yard”"),
        ({"payload": {"count": 5}}, "Ann Lee and 4 others answered your question “A yard”"),
        ({"people": ()}, "Somebody answered your question “A yard”"),
        ({"is_gone": True}, "This was about something that has been taken away"),
    ],
)
def test_a_line_of_the_list_is_a_sentence(values, words):
    assert sentence(line(**values)) == words


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_a_sentence_a_label_and_an_icon(name):
    assert say(name, "Ann", "A yard", {"job_name": "gone.job"})
    assert kind_label(name)
    assert icon_of(name)


@pytest.mark.parametrize(
    ("choice", "web", "email"),
    [("web", True, False), ("email", False, True), ("both", True, True), ("none", False, False)],
)
def test_where_one_is_told_is_what_one_chose(choice, web, email):
    choices = {"mentioned": choice}
    assert (is_told_by("mentioned", "web", choices), is_told_by("mentioned", "email", choices)) == (web, email)
    assert choice in WHERE


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
def test_where_one_is_told_without_a_choice(name, web, email):
    assert (is_told_by(name, "web", {}), is_told_by(name, "email", {})) == (web, email)
