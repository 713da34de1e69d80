"""The moderators' queue: what waits, what they decide, and who is told."""

import re

import pytest

from madang.moderation.queries import PER_PAGE, SHOWN_OF_ONE
from tests.accounts.mailbox import mails, run_jobs
from tests.admin.managing import deeds, suspend
from tests.notifications.test_telling import activity_names, confirm_address
from tests.test_conventions_routes import asked  # noqa: F401

from .flags import flag, flags_of, open_count, settle


def queue(page: str) -> list[str]:
    """The things of a page of the queue, as addresses."""
    return re.findall(r'<h2><a href="/((?:posts|comments)/\d+)">', page)


@pytest.fixture
def question(ann) -> str:
    return f"posts/{ann.ask()}"


def test_members_see_no_queue(bob, question, visitor):
    assert bob.get("/admin/flags").status_code == 404
    assert settle(bob, question, "upheld").status_code == 404
    assert visitor.get("/admin/flags").location.startswith("/auth/login")


def test_a_suspended_moderator_decides_nothing(app, root, bob, dan, question):
    flag(bob, question)
    suspend(root, dan)
    assert dan.get("/admin/flags").status_code == 403
    assert settle(dan, question, "declined").status_code == 403
    assert open_count(app) == 1


def test_staff_sees_what_waits_and_why(ann, bob, cho, dan, question):
    remark = ann.comment(int(question.removeprefix("posts/")), "Buy **my** yard!")
    flag(bob, question, "attention", note="The same text in <b>every</b> board.")
    flag(bob, f"comments/{remark}")
    flag(cho, f"comments/{remark}")
    assert "2 wait</span>" in dan.page("/admin")
    page = dan.page("/admin/flags")
    assert queue(page) == [f"comments/{remark}", question], "flagged last, first"
    assert "The same text in &lt;b&gt;every&lt;/b&gt; board." in page
    assert "It is spam or an advertisement × 2" in page
    assert "Buy **my** yard!" in page and "I tried the obvious things" in page
    assert 'href="/users/bob"' in page and 'href="/users/cho"' in page and 'href="/users/ann"' in page


def test_an_empty_queue_says_so(dan):
    assert "Nothing waits here" in dan.page("/admin/flags")
    assert "wait</span>" not in dan.page("/admin")


def test_a_long_queue_goes_on_before_its_last_thing(ann, bob, dan):
    numbers = [ann.ask(f"Question number {number}?") for number in range(PER_PAGE + 2)]
    for number in numbers:
        flag(bob, f"posts/{number}")
    page = dan.page("/admin/flags")
    assert queue(page) == [f"posts/{number}" for number in reversed(numbers[2:])]
    following = re.search(r'href="([^"]+before=[^"]+)" rel="next"', page)[1]
    assert queue(dan.page(following)) == [f"posts/{number}" for number in reversed(numbers[:2])]


def test_a_thing_with_many_flags_shows_the_latest_and_counts_all(people, dan, question):
    for number in range(SHOWN_OF_ONE + 2):
        flag(people[f"person{number}"], question, note=f"Note number {number}.")
    page = dan.page("/admin/flags")
    assert f"× {SHOWN_OF_ONE + 2}" in page
    assert page.count("Note number") == SHOWN_OF_ONE and "Note number 1." not in page


@pytest.mark.parametrize(
    ("verdict", "verb", "words"),
    [
        ("upheld", "uphold_flags", "The moderators agreed with your flag in “How do I move a yard?”. Thank you"),
        ("declined", "decline_flags", "“How do I move a yard?” and let it stand"),
    ],
)
def test_a_verdict_settles_all_flags_of_a_thing_at_once(app, bob, cho, dan, question, verdict, verb, words):
    flag(bob, question)
    flag(cho, question, "rude")
    page = dan.follow(settle(dan, question, verdict))
    assert f"The flags are {verdict}." in page and "Nothing waits here" in page
    assert {(each.verdict, each.settled_by_id, each.is_open) for each in flags_of(app)} == {(verdict, dan.id, None)}
    assert all(each.settled_at for each in flags_of(app))
    assert deeds(app) == [(verb, int(question.removeprefix("posts/")))]
    assert "2 flags" in dan.page("/admin/log")
    assert activity_names(bob) == activity_names(cho) == ["flag_settled"]
    told = bob.page("/notifications")
    assert words in told and ">dan<" not in told and "/users/dan" not in told, (
        "which moderator it was is nobody's business"
    )
    assert "“How do I move a yard?”" in cho.page("/notifications") and "신고" in cho.page("/notifications")
    bob.page(f"/{question}")


def test_other_things_of_the_same_page_wait_on(app, ann, bob, dan, question):
    number = int(question.removeprefix("posts/"))
    answer, remark = ann.answer(number), ann.comment(number)
    for thing in (question, f"posts/{answer}", f"comments/{remark}"):
        flag(bob, thing)
    settle(dan, question, "declined")
    assert queue(dan.page("/admin/flags")) == [f"comments/{remark}", f"posts/{answer}"]


def test_what_is_upheld_can_be_deleted_with_it(app, ann, bob, dan, visitor, question):
    remark = ann.comment(int(question.removeprefix("posts/")))
    for thing in (f"comments/{remark}", question):
        flag(bob, thing)
        page = dan.follow(settle(dan, thing, "upheld", delete="1"))
        assert "The flags are upheld, and it is deleted." in page
        assert visitor.get(f"/{thing}").status_code in (404, 410)
    assert [verb for verb, _id in deeds(app)] == ["uphold_flags", "delete_comment", "uphold_flags", "delete_post"]
    assert activity_names(bob) == ["flag_settled", "flag_settled"], "also of what nobody can read any more"
    assert "agreed with your flag, and it has been taken away" in bob.page("/notifications")
    assert "How do I move a yard?" not in bob.page("/notifications"), "what was taken away is not named"


def test_what_is_declined_is_not_deleted(app, bob, dan, visitor, question):
    flag(bob, question)
    assert settle(dan, question, "declined", delete="1").status_code == 422
    visitor.page(f"/{question}")
    assert open_count(app) == 1 and deeds(app) == []


@pytest.mark.parametrize("verdict", ["", "maybe"])
def test_there_are_two_verdicts(app, bob, dan, question, verdict):
    flag(bob, question)
    assert settle(dan, question, verdict).status_code == 422
    assert open_count(app) == 1


def test_the_second_moderator_is_told_that_the_first_has_decided(app, root, bob, dan, question):
    flag(bob, question)
    settle(dan, question, "declined")
    assert "No flag waits here any more" in root.follow(settle(root, question, "upheld", delete="1"))
    root.page(f"/{question}")
    assert [each.verdict for each in flags_of(app)] == ["declined"]
    assert [verb for verb, _id in deeds(app)] == ["decline_flags"]


def test_a_moderator_who_deletes_a_thing_upholds_its_flags(app, ann, bob, dan, question):
    remark = ann.comment(int(question.removeprefix("posts/")))
    for thing in (f"comments/{remark}", question):
        flag(bob, thing)
        dan.post(f"/{thing}/delete")
    assert {(each.verdict, each.settled_by_id) for each in flags_of(app)} == {("upheld", dan.id)}
    assert [verb for verb, _id in deeds(app)] == ["delete_comment", "delete_post"], "one deed each"
    assert activity_names(bob) == ["flag_settled"] * 2


def test_an_author_who_deletes_a_thing_does_not_end_the_matter(app, ann, bob, dan, question):
    flag(bob, question)
    ann.post(f"/{question}/delete")
    page = dan.page("/admin/flags")
    assert queue(page) == [question] and "Deleted by its author" in page
    assert "Uphold and delete" not in page
    settle(dan, question, "upheld")
    assert [verb for verb, _id in deeds(app)] == ["uphold_flags"]
    assert activity_names(bob) == ["flag_settled"]
    assert "it has been taken away" in bob.page("/notifications")


def test_a_restored_thing_does_not_bring_its_flags_back(app, bob, dan, question):
    flag(bob, question)
    settle(dan, question, "upheld", delete="1")
    dan.post(f"/{question}/restore")
    assert open_count(app) == 0


def test_removing_what_an_account_wrote_upholds_its_flags(app, root, ann, bob, question):
    flag(bob, question)
    root.post(f"/admin/users/{ann.id}/delete", reason="Sells yards", content="remove")
    run_jobs(app)
    assert [each.verdict for each in flags_of(app)] == ["upheld"]
    assert activity_names(bob) == ["flag_settled"]


def test_nobody_is_told_of_their_own_verdict(app, dan, question):
    flag(dan, question)
    settle(dan, question, "upheld")
    assert activity_names(dan) == []
    assert [each.verdict for each in flags_of(app)] == ["upheld"]


def test_a_flag_that_was_taken_back_is_told_nobody(app, bob, cho, dan, question):
    flag(bob, question)
    flag(cho, question)
    bob.post(f"/{question}/flags/delete")
    settle(dan, question, "upheld")
    assert (activity_names(bob), activity_names(cho)) == ([], ["flag_settled"])


def test_what_is_told_goes_when_the_thing_does(app, ann, bob, dan, question):
    flag(bob, question)
    settle(dan, question, "declined")
    assert activity_names(bob) == ["flag_settled"]
    ann.post(f"/{question}/delete")
    assert activity_names(bob) == []


def test_a_verdict_comes_by_mail_where_one_wants_that(app, bob, dan, question):
    confirm_address(bob)
    assert "The moderators decide about what I flagged" in bob.page("/settings/notifications")
    bob.post("/settings/notifications", flag_settled="email", digest="none")
    flag(bob, question)
    settle(dan, question, "declined")
    (mail,) = [each for each in mails(app) if "flagged" in each["Subject"]]
    assert mail["To"] == "bob@example.org" and f"/{question}" in mail.get_content()
    assert activity_names(bob) == []


def test_the_queue_asks_as_much_for_many_things_as_for_few(ann, bob, cho, dan, asked):  # noqa: F811
    for number in range(2):
        flag(bob, f"posts/{ann.ask(f'Question number {number}?')}")
    few = len(asked(dan, "/admin/flags"))
    for number in range(2, 12):
        thing = f"posts/{ann.ask(f'Question number {number}?')}"
        flag(bob, thing)
        flag(cho, thing)
    assert len(asked(dan, "/admin/flags")) == few
