"""Flagging posts and comments, and taking that back."""

import re

import pytest

from madang.moderation.models import NOTE_MAX
from tests.accounts.mailbox import run_jobs
from tests.accounts.test_leaving import _archive, _rows
from tests.admin.managing import suspend
from tests.notifications.test_telling import activity_names
from tests.people import PASSWORD

from .flags import flag, flags_of, open_count, settle

pytestmark = pytest.mark.each_database

LINKS = re.compile(r'href="(/(?:posts|comments)/\d+/flags)"')


@pytest.fixture
def things(ann, cho) -> list[str]:
    """One of everything that can be flagged, of Ann's."""
    question = ann.ask()
    answer = ann.answer(cho.ask("How does one carry a yard?"))
    talk = ann.ask("Good morning to all", board="talk")
    return [f"posts/{question}", f"posts/{answer}", f"posts/{talk}", f"comments/{ann.comment(question)}"]


@pytest.fixture
def both(ann) -> list[str]:
    """A post and a comment of Ann's: each has views of its own, which ask the same policy."""
    question = ann.ask()
    return [f"posts/{question}", f"comments/{ann.comment(question)}"]


def test_everything_that_others_wrote_can_be_flagged(app, bob, things):
    for thing in things:
        page = bob.page(f"/{thing}/flags")
        assert "It is spam or an advertisement" in page and 'name="note"' in page
        response = flag(bob, thing, "rude")
        assert "Thank you. The moderators will look at it" in bob.follow(response)
    assert [(each.flagger_id, each.reason, each.is_open) for each in flags_of(app)] == [(bob.id, "rude", True)] * 4


def test_one_comes_back_to_the_place_of_what_one_flagged(ann, bob):
    question = ann.ask()
    answer, remark = ann.answer(question), ann.comment(question)
    assert flag(bob, f"posts/{answer}").location.endswith(f"#answer-{answer}")
    assert flag(bob, f"comments/{remark}").location.endswith(f"#comment-{remark}")


def test_every_post_and_comment_of_others_has_the_link(ann, bob, visitor):
    question = ann.ask()
    answer, remark = bob.answer(question), ann.comment(question)
    everything = {f"/posts/{question}/flags", f"/posts/{answer}/flags", f"/comments/{remark}/flags"}
    assert set(LINKS.findall(visitor.page(f"/posts/{question}"))) == everything
    assert set(LINKS.findall(bob.page(f"/posts/{question}"))) == everything - {f"/posts/{answer}/flags"}
    assert set(LINKS.findall(ann.page(f"/posts/{question}"))) == {f"/posts/{answer}/flags"}


def test_a_visitor_logs_in_first_and_comes_back(app, visitor, both):
    for thing in both:
        assert visitor.get(f"/{thing}/flags").location.startswith(f"/auth/login?next=/{thing}/flags")
        assert flag(visitor, thing).location.startswith("/auth/login")
    assert flags_of(app) == []


def test_a_guest_logs_in_first_too(app, visitor, both):
    visitor.page("/todos")
    for thing in both:
        assert visitor.get(f"/{thing}/flags").location.startswith("/auth/login")
        assert flag(visitor, thing).location.startswith("/auth/login")
    assert flags_of(app) == []


def test_nobody_flags_what_is_their_own(app, ann, both):
    for thing in both:
        for response in (ann.get(f"/{thing}/flags"), flag(ann, thing)):
            assert response.status_code == 403
            assert "You cannot flag what you wrote yourself." in response.text
    assert flags_of(app) == []


def test_who_is_suspended_flags_nothing(app, root, bob, both):
    suspend(root, bob)
    for thing in both:
        assert bob.get(f"/{thing}/flags").status_code == 403
        assert flag(bob, thing).status_code == 403
    assert flags_of(app) == []


def test_what_was_deleted_is_not_flagged(app, ann, bob, dan):
    question = ann.ask()
    answer, remark = ann.answer(question), ann.comment(question)
    for thing in (f"comments/{remark}", f"posts/{answer}", f"posts/{question}"):
        dan.post(f"/{thing}/delete")
        assert flag(bob, thing).status_code in (404, 410)
        assert bob.get(f"/{thing}/flags").status_code in (404, 410)
        assert flag(dan, thing).status_code == 410, "moderators see it still"
    assert flag(bob, "posts/999").status_code == 404
    assert flags_of(app) == []


def test_what_is_locked_can_be_flagged(app, ann, bob, dan):
    question = ann.ask()
    dan.post(f"/posts/{question}/lock")
    flag(bob, f"posts/{question}")
    assert open_count(app) == 1


def test_two_clicks_are_one_flag_and_the_later_words_count(app, ann, bob):
    thing = f"posts/{ann.ask()}"
    flag(bob, thing)
    flag(bob, thing, "attention", note="He sells the same yard\r\neverywhere.")
    (kept,) = flags_of(app)
    assert (kept.reason, kept.note) == ("attention", "He sells the same yard\neverywhere.")
    page = bob.page(f"/{thing}/flags")
    assert "You have flagged this:" in page and "He sells the same yard" in page


def test_several_people_flag_the_same_thing(app, ann, bob, cho):
    thing = f"posts/{ann.ask()}"
    flag(bob, thing)
    flag(cho, thing)
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
def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(app, ann, bob, reason, note, words):
    thing = f"posts/{ann.ask()}"
    response = flag(bob, thing, reason, note=note)
    assert response.status_code == 422 and words in response.text
    assert note.strip() in response.text
    assert flags_of(app) == []


def test_a_note_of_the_full_length_is_taken(app, ann, bob):
    flag(bob, f"posts/{ann.ask()}", "attention", note="가" * NOTE_MAX)
    assert flags_of(app)[0].note == "가" * NOTE_MAX


def test_one_takes_ones_own_flag_back(app, ann, bob, cho, things):
    for thing in things:
        flag(bob, thing)
        flag(cho, thing)
        assert "Your flag is taken back." in bob.follow(bob.post(f"/{thing}/flags/delete"))
        assert "You have flagged this:" not in bob.page(f"/{thing}/flags")
        assert bob.post(f"/{thing}/flags/delete").status_code == 302, "twice is as good as once"
    assert {each.flagger_id for each in flags_of(app)} == {cho.id}


def test_flags_are_limited(app, ann, bob):
    app.config["FLAG_LIMIT"] = "1 per hour"
    first, second = ann.ask(), ann.ask("How does one carry a yard?")
    assert flag(bob, f"posts/{first}").status_code == 302
    refused = flag(bob, f"posts/{second}", "rude", note="Look at the tone.")
    assert refused.status_code == 429 and "Look at the tone." in refused.text


def test_what_was_decided_about_can_be_flagged_anew(app, ann, bob, dan):
    thing = f"posts/{ann.ask()}"
    for _time in range(3):
        flag(bob, thing)
        settle(dan, thing, "declined")
    assert [each.is_open for each in flags_of(app)] == [None] * 3


def test_the_author_reads_nothing_of_it(app, ann, bob):
    question = ann.ask()
    flag(bob, f"posts/{question}", note="He is a robot.")
    run_jobs(app)
    assert "He is a robot." not in ann.page(f"/posts/{question}")
    assert activity_names(ann) == []
    assert ann.get("/admin/flags").status_code == 404


def test_ones_flags_are_part_of_ones_data(app, ann, bob, dan):
    question = ann.ask()
    remark = ann.comment(question)
    flag(bob, f"posts/{question}", "attention", note="The same text everywhere.")
    flag(bob, f"comments/{remark}")
    settle(dan, f"posts/{question}", "upheld")
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
    assert _rows(_archive(ann), "flags.json") == [], "what others say of oneself is theirs"


def test_what_somebody_flagged_who_leaves_still_waits(app, ann, bob, dan):
    thing = f"posts/{ann.ask()}"
    flag(bob, thing, note="Look at the tone.")
    assert bob.post("/settings/leave/delete", current_password=PASSWORD).status_code == 302
    page = dan.page("/admin/flags")
    assert "Look at the tone." in page and "deleted user" in page and "bob" not in page
    assert settle(dan, thing, "upheld").status_code == 302
    run_jobs(app)
