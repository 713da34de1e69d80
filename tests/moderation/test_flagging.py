"""Flag posts and comments, and withdraw flags."""

import re

import pytest

from madang.moderation.models import NOTE_MAX
from tests.accounts.mailbox import run_jobs
from tests.accounts.test_deletion import _archive, _rows
from tests.admin.helpers import suspend
from tests.notifications.test_notifying import activity_names, unread_count
from tests.people import PASSWORD

from .flags import flag, flags_of, open_count, resolve

pytestmark = pytest.mark.each_database

LINKS = re.compile(r'href="(/(?:posts|comments)/\d+/flags)"')


@pytest.fixture
def subjects(ann, cho) -> list[str]:
    """One of each kind of content that can be flagged, by Ann."""
    question = ann.ask()
    answer = ann.answer(cho.ask("How does one carry a yard?"))
    talk = ann.ask("Good morning to all", board="talk")
    return [f"posts/{question}", f"posts/{answer}", f"posts/{talk}", f"comments/{ann.comment(question)}"]


@pytest.fixture
def post_and_comment(ann) -> list[str]:
    """A post and a comment by Ann: they have different views with the same policy."""
    question = ann.ask()
    return [f"posts/{question}", f"comments/{ann.comment(question)}"]


def test_every_kind_of_content_can_be_flagged(app, bob, subjects):
    for subject in subjects:
        page = bob.page(f"/{subject}/flags")
        assert "It is spam or an advertisement" in page and 'name="note"' in page
        response = flag(bob, subject, "rude")
        assert "Thank you. The moderators will look at it" in bob.follow(response)
    assert [(row.flagger_id, row.reason, row.is_open) for row in flags_of(app)] == [(bob.id, "rude", True)] * 4


def test_flagging_redirects_to_the_flagged_content(ann, bob):
    question = ann.ask()
    answer, remark = ann.answer(question), ann.comment(question)
    assert flag(bob, f"posts/{answer}").location.endswith(f"#answer-{answer}")
    assert flag(bob, f"comments/{remark}").location.endswith(f"#comment-{remark}")


def test_content_of_others_has_a_flag_link(ann, bob, visitor):
    question = ann.ask()
    answer, remark = bob.answer(question), ann.comment(question)
    everything = {f"/posts/{question}/flags", f"/posts/{answer}/flags", f"/comments/{remark}/flags"}
    assert set(LINKS.findall(visitor.page(f"/posts/{question}"))) == everything
    assert set(LINKS.findall(bob.page(f"/posts/{question}"))) == everything - {f"/posts/{answer}/flags"}
    assert set(LINKS.findall(ann.page(f"/posts/{question}"))) == {f"/posts/{answer}/flags"}


def test_a_visitor_must_log_in(app, visitor, post_and_comment):
    for subject in post_and_comment:
        assert visitor.get(f"/{subject}/flags").location.startswith(f"/auth/login?next=/{subject}/flags")
        assert flag(visitor, subject).location.startswith("/auth/login")
    assert flags_of(app) == []


def test_a_guest_must_log_in(app, visitor, post_and_comment):
    visitor.page("/todos")
    for subject in post_and_comment:
        assert visitor.get(f"/{subject}/flags").location.startswith("/auth/login")
        assert flag(visitor, subject).location.startswith("/auth/login")
    assert flags_of(app) == []


def test_nobody_can_flag_their_own_content(app, ann, post_and_comment):
    for subject in post_and_comment:
        for response in (ann.get(f"/{subject}/flags"), flag(ann, subject)):
            assert response.status_code == 403
            assert "You cannot flag what you wrote yourself." in response.text
    assert flags_of(app) == []


def test_suspended_people_cannot_flag(app, root, bob, post_and_comment):
    suspend(root, bob)
    for subject in post_and_comment:
        assert bob.get(f"/{subject}/flags").status_code == 403
        assert flag(bob, subject).status_code == 403
    assert flags_of(app) == []


def test_deleted_content_cannot_be_flagged(app, ann, bob, dan):
    question = ann.ask()
    answer, remark = ann.answer(question), ann.comment(question)
    for subject in (f"comments/{remark}", f"posts/{answer}", f"posts/{question}"):
        dan.post(f"/{subject}/delete")
        assert flag(bob, subject).status_code in (404, 410)
        assert bob.get(f"/{subject}/flags").status_code in (404, 410)
        assert flag(dan, subject).status_code == 410, "moderators still see it"
    assert flag(bob, "posts/999").status_code == 404
    assert flags_of(app) == []


def test_locked_content_can_be_flagged(app, ann, bob, dan):
    question = ann.ask()
    dan.post(f"/posts/{question}/lock", value=1)
    flag(bob, f"posts/{question}")
    assert open_count(app) == 1


def test_flagging_again_changes_the_open_flag(app, ann, bob):
    subject = f"posts/{ann.ask()}"
    flag(bob, subject)
    flag(bob, subject, "attention", note="He sells the same yard\r\neverywhere.")
    (saved_flag,) = flags_of(app)
    assert (saved_flag.reason, saved_flag.note) == ("attention", "He sells the same yard\neverywhere.")
    page = bob.page(f"/{subject}/flags")
    assert "You flagged this" in page and "He sells the same yard" in page


def test_several_people_can_flag_the_same_content(app, ann, bob, cho):
    subject = f"posts/{ann.ask()}"
    flag(bob, subject)
    flag(cho, subject)
    assert open_count(app) == 2


@pytest.mark.parametrize(
    ("reason", "note", "words"),
    [
        ("", "", "Please choose a reason."),
        ("boring", "", "Please choose a reason."),
        ("attention", " \n ", "Please tell the moderators what to look at."),
        ("spam", "x" * (NOTE_MAX + 1), "Please shorten this to 500 characters."),
    ],
)
def test_invalid_flags_show_an_error_and_keep_the_note(app, ann, bob, reason, note, words):
    subject = f"posts/{ann.ask()}"
    response = flag(bob, subject, reason, note=note)
    assert response.status_code == 422 and words in response.text
    assert note.strip() in response.text
    assert flags_of(app) == []


def test_a_note_of_maximum_length(app, ann, bob):
    flag(bob, f"posts/{ann.ask()}", "attention", note="가" * NOTE_MAX)
    assert flags_of(app)[0].note == "가" * NOTE_MAX


def test_withdrawing_a_flag(app, ann, bob, cho, subjects):
    for subject in subjects:
        flag(bob, subject)
        flag(cho, subject)
        assert "Your flag has been withdrawn." in bob.follow(bob.post(f"/{subject}/flags/delete"))
        assert "You flagged this" not in bob.page(f"/{subject}/flags")
        assert bob.post(f"/{subject}/flags/delete").status_code == 302, "withdrawing twice is allowed"
    assert {row.flagger_id for row in flags_of(app)} == {cho.id}


def test_flags_are_rate_limited(app, ann, bob):
    app.config["FLAG_LIMIT"] = "1 per hour"
    first, second = ann.ask(), ann.ask("How does one carry a yard?")
    assert flag(bob, f"posts/{first}").status_code == 302
    refused = flag(bob, f"posts/{second}", "rude", note="Look at the tone.")
    assert refused.status_code == 429 and "Look at the tone." in refused.text


def test_resolved_content_can_be_flagged_again(app, ann, bob, dan):
    subject = f"posts/{ann.ask()}"
    for _time in range(3):
        flag(bob, subject)
        resolve(dan, subject, "declined")
    assert [row.is_open for row in flags_of(app)] == [None] * 3


def test_the_author_does_not_see_flags(app, ann, bob):
    question = ann.ask()
    flag(bob, f"posts/{question}", note="He is a robot.")
    run_jobs(app)
    assert "He is a robot." not in ann.page(f"/posts/{question}")
    assert activity_names(ann) == []
    assert ann.get("/admin/flags").status_code == 404


def test_the_archive_has_own_flags(app, ann, bob, dan):
    question = ann.ask()
    remark = ann.comment(question)
    flag(bob, f"posts/{question}", "attention", note="The same text everywhere.")
    flag(bob, f"comments/{remark}")
    resolve(dan, f"posts/{question}", "upheld")
    bob.post("/settings/leave/export")
    run_jobs(app)
    rows = _rows(_archive(bob), "flags.json")
    assert [(row["post_id"], row["comment_id"], row["reason"], row["verdict"]) for row in rows] == [
        (question, None, "attention", "upheld"),
        (None, remark, "spam", None),
    ]
    assert rows[0]["note"] == "The same text everywhere."
    ann.post("/settings/leave/export")
    run_jobs(app)
    assert _rows(_archive(ann), "flags.json") == [], "flags by others are not exported"


def test_flags_of_a_deleted_account_stay_open(app, ann, bob, dan):
    subject = f"posts/{ann.ask()}"
    flag(bob, subject, note="Look at the tone.")
    assert bob.post("/settings/leave/delete", current_password=PASSWORD).status_code == 302
    page = dan.page("/admin/flags")
    assert "Look at the tone." in page and "deleted user" in page and "bob" not in page
    assert resolve(dan, subject, "upheld").status_code == 302
    run_jobs(app)


def test_moderators_are_notified_of_flags_until_somebody_decides(ann, bob, cho, dan, ruth):
    """Of posts and comments; one row for each, however many flag it; not whoever flags or may not moderate."""
    question = ann.ask()
    comment = ann.comment(question)
    suspend(ruth, dan)
    for person in (bob, cho):
        flag(person, f"posts/{question}", "spam")
    flag(bob, f"comments/{comment}", "rude")
    assert activity_names(dan) == [], "a suspended moderator"
    assert activity_names(ruth) == ["content_flagged"] * 2 and unread_count(ruth) == 2
    page = ruth.page("/notifications")
    assert "cho and bob flagged something in “How do I move a yard?”" in page
    assert [activity_names(person) for person in (ann, bob)] == [[], []]
    bob.post(f"/posts/{question}/flags/delete")
    assert activity_names(ruth) == ["content_flagged"] * 2
    assert "cho flagged something in “How do I move a yard?”" in ruth.page("/notifications")
    resolve(ruth, f"posts/{question}", "declined")
    assert activity_names(ruth) == ["content_flagged"] and unread_count(ruth) == 1
    bob.post(f"/comments/{comment}/flags/delete")
    assert activity_names(ruth) == [] and unread_count(ruth) == 0
    flag(bob, f"comments/{comment}", "rude")
    assert activity_names(ruth) == ["content_flagged"], "a new flag"


def test_a_moderator_is_not_notified_of_their_own_flag(ann, dan, ruth):
    flag(dan, f"posts/{ann.ask()}", "spam")
    assert (activity_names(dan), activity_names(ruth)) == ([], ["content_flagged"])


def test_only_moderators_choose_how_they_hear_of_flags(ann, dan):
    assert "Someone flags a post or comment" in dan.page("/settings/notifications")
    assert "Someone flags a post or comment" not in ann.page("/settings/notifications")
