"""The moderators' queue: flagged content, verdicts, notifications."""

import re

import pytest

from madang.moderation.queries import MAX_FLAGS_SHOWN, PER_PAGE
from tests.accounts.mailbox import mails, run_jobs
from tests.admin.helpers import staff_actions, suspend
from tests.moderation.flags import flag, flags_of, open_count, resolve
from tests.notifications.test_notifying import activity_names, confirm_address
from tests.test_conventions_routes import statements_of  # noqa: F401


def queued_subjects(page: str) -> list[str]:
    """The paths of the content on a page of the queue."""
    return re.findall(r'<h2><a href="/((?:posts|comments)/\d+)">', page)


@pytest.fixture
def question(ann) -> str:
    return f"posts/{ann.ask()}"


def test_members_cannot_see_the_queue(bob, question, visitor):
    assert bob.get("/admin/flags").status_code == 404
    assert resolve(bob, question, "upheld").status_code == 404
    assert visitor.get("/admin/flags").location.startswith("/auth/login")


def test_a_suspended_moderator_cannot_resolve_flags(app, root, bob, dan, question):
    flag(bob, question)
    suspend(root, dan)
    assert dan.get("/admin/flags").status_code == 403
    assert resolve(dan, question, "declined").status_code == 403
    assert open_count(app) == 1


def test_staff_see_flagged_content_with_reasons(ann, bob, cho, dan, question):
    remark = ann.comment(int(question.removeprefix("posts/")), "Buy **my** yard!")
    flag(bob, question, "attention", note="The same text in <b>every</b> board.")
    flag(bob, f"comments/{remark}")
    flag(cho, f"comments/{remark}")
    assert "2 waiting</span>" in dan.page("/admin")
    page = dan.page("/admin/flags")
    assert queued_subjects(page) == [f"comments/{remark}", question], "the latest flag first"
    assert "The same text in &lt;b&gt;every&lt;/b&gt; board." in page
    assert "It is spam or an advertisement × 2" in page
    assert "Buy **my** yard!" in page and "I tried the obvious things" in page
    assert 'href="/users/bob"' in page and 'href="/users/cho"' in page and 'href="/users/ann"' in page


def test_an_empty_queue(dan):
    assert "No flags are waiting" in dan.page("/admin/flags")
    assert "wait</span>" not in dan.page("/admin")


def test_the_queue_is_paged(ann, bob, dan):
    numbers = [ann.ask(f"Question number {number}?") for number in range(PER_PAGE + 2)]
    for number in numbers:
        flag(bob, f"posts/{number}")
    page = dan.page("/admin/flags")
    assert queued_subjects(page) == [f"posts/{number}" for number in reversed(numbers[2:])]
    next_page = re.search(r'href="([^"]+before=[^"]+)" rel="next"', page)[1]
    assert queued_subjects(dan.page(next_page)) == [f"posts/{number}" for number in reversed(numbers[:2])]


def test_the_queue_shows_the_latest_flags_and_counts_all(people, dan, question):
    for number in range(MAX_FLAGS_SHOWN + 2):
        flag(people[f"person{number}"], question, note=f"Note number {number}.")
    page = dan.page("/admin/flags")
    assert f"× {MAX_FLAGS_SHOWN + 2}" in page
    assert page.count("Note number") == MAX_FLAGS_SHOWN and "Note number 1." not in page


@pytest.mark.parametrize(
    ("verdict", "told", "verb", "words"),
    [
        (
            "upheld",
            "accepted",
            "uphold_flags",
            "The moderators accepted your flag in “How do I move a yard?”. Thank you",
        ),
        ("declined", "dismissed", "decline_flags", "“How do I move a yard?” and decided to keep it"),
    ],
)
def test_a_verdict_resolves_all_open_flags_of_the_content(app, bob, cho, dan, question, verdict, told, verb, words):
    flag(bob, question)
    flag(cho, question, "rude")
    page = dan.follow(resolve(dan, question, verdict))
    assert f"The flags have been {told}." in page and "No flags are waiting" in page
    assert {(row.verdict, row.settled_by_id, row.is_open) for row in flags_of(app)} == {(verdict, dan.id, None)}
    assert all(row.settled_at for row in flags_of(app))
    assert staff_actions(app) == [(verb, int(question.removeprefix("posts/")))]
    assert "2 flags" in dan.page("/admin/log")
    assert activity_names(bob) == activity_names(cho) == ["flag_settled"]
    notifications = bob.page("/notifications")
    assert words in notifications and ">dan<" not in notifications and "/users/dan" not in notifications, (
        "the moderator is not named"
    )
    assert "“How do I move a yard?”" in cho.page("/notifications") and "신고" in cho.page("/notifications")
    bob.page(f"/{question}")


def test_other_content_of_the_same_page_stays_queued(app, ann, bob, dan, question):
    number = int(question.removeprefix("posts/"))
    answer, remark = ann.answer(number), ann.comment(number)
    for subject in (question, f"posts/{answer}", f"comments/{remark}"):
        flag(bob, subject)
    resolve(dan, question, "declined")
    assert queued_subjects(dan.page("/admin/flags")) == [f"comments/{remark}", f"posts/{answer}"]


def test_upheld_content_can_be_deleted(app, ann, bob, dan, visitor, question):
    remark = ann.comment(int(question.removeprefix("posts/")))
    for subject in (f"comments/{remark}", question):
        flag(bob, subject)
        page = dan.follow(resolve(dan, subject, "upheld", delete="1"))
        assert "The flags have been accepted, and it has been deleted." in page
        assert visitor.get(f"/{subject}").status_code in (404, 410)
    assert [verb for verb, _id in staff_actions(app)] == [
        "uphold_flags",
        "delete_comment",
        "uphold_flags",
        "delete_post",
    ]
    assert activity_names(bob) == ["flag_settled", "flag_settled"], "also of deleted content"
    assert "accepted your flag and deleted it" in bob.page("/notifications")
    assert "How do I move a yard?" not in bob.page("/notifications"), "deleted content is not named"


def test_declined_content_cannot_be_deleted(app, bob, dan, visitor, question):
    flag(bob, question)
    assert resolve(dan, question, "declined", delete="1").status_code == 422
    visitor.page(f"/{question}")
    assert open_count(app) == 1 and staff_actions(app) == []


@pytest.mark.parametrize("verdict", ["", "maybe"])
def test_unknown_verdicts_are_refused(app, bob, dan, question, verdict):
    flag(bob, question)
    assert resolve(dan, question, verdict).status_code == 422
    assert open_count(app) == 1


def test_a_second_verdict_is_refused(app, root, bob, dan, question):
    flag(bob, question)
    resolve(dan, question, "declined")
    assert "No flag is waiting here any more" in root.follow(resolve(root, question, "upheld", delete="1"))
    root.page(f"/{question}")
    assert [row.verdict for row in flags_of(app)] == ["declined"]
    assert [verb for verb, _id in staff_actions(app)] == ["decline_flags"]


def test_deletion_by_a_moderator_upholds_flags(app, ann, bob, dan, question):
    remark = ann.comment(int(question.removeprefix("posts/")))
    for subject in (f"comments/{remark}", question):
        flag(bob, subject)
        dan.post(f"/{subject}/delete")
    assert {(row.verdict, row.settled_by_id) for row in flags_of(app)} == {("upheld", dan.id)}
    assert [verb for verb, _id in staff_actions(app)] == ["delete_comment", "delete_post"], "one staff action each"
    assert activity_names(bob) == ["flag_settled"] * 2


def test_deletion_by_the_author_leaves_flags_open(app, ann, bob, dan, question):
    flag(bob, question)
    ann.post(f"/{question}/delete")
    page = dan.page("/admin/flags")
    assert queued_subjects(page) == [question] and "Deleted by its author" in page
    assert "Accept and delete" not in page
    resolve(dan, question, "upheld")
    assert [verb for verb, _id in staff_actions(app)] == ["uphold_flags"]
    assert activity_names(bob) == ["flag_settled"]
    assert "deleted it" in bob.page("/notifications")


def test_restoring_content_does_not_reopen_flags(app, bob, dan, question):
    flag(bob, question)
    resolve(dan, question, "upheld", delete="1")
    dan.post(f"/{question}/restore")
    assert open_count(app) == 0


def test_deleting_an_account_with_content_upholds_flags(app, root, ann, bob, question):
    flag(bob, question)
    root.post(f"/admin/users/{ann.id}/delete", reason="Sells yards", content="remove")
    run_jobs(app)
    assert [row.verdict for row in flags_of(app)] == ["upheld"]
    assert activity_names(bob) == ["flag_settled"]


def test_nobody_is_notified_of_their_own_verdict(app, dan, question):
    flag(dan, question)
    resolve(dan, question, "upheld")
    assert activity_names(dan) == []
    assert [row.verdict for row in flags_of(app)] == ["upheld"]


def test_a_withdrawn_flag_notifies_nobody(app, bob, cho, dan, question):
    flag(bob, question)
    flag(cho, question)
    bob.post(f"/{question}/flags/delete")
    resolve(dan, question, "upheld")
    assert (activity_names(bob), activity_names(cho)) == ([], ["flag_settled"])


def test_deleting_content_deletes_notifications_of_verdicts(app, ann, bob, dan, question):
    flag(bob, question)
    resolve(dan, question, "declined")
    assert activity_names(bob) == ["flag_settled"]
    ann.post(f"/{question}/delete")
    assert activity_names(bob) == []


def test_a_verdict_by_mail(app, bob, dan, question):
    confirm_address(bob)
    assert "The moderators decide about my flag" in bob.page("/settings/notifications")
    bob.post("/settings/notifications", flag_settled="email", digest="none")
    flag(bob, question)
    resolve(dan, question, "declined")
    (mail,) = [mail for mail in mails(app) if "flagged" in mail["Subject"]]
    assert mail["To"] == "bob@example.org" and f"/{question}" in mail.get_content()
    assert activity_names(bob) == []


def test_the_number_of_queries_does_not_grow_with_the_queue(ann, bob, cho, dan, statements_of):  # noqa: F811
    for number in range(2):
        flag(bob, f"posts/{ann.ask(f'Question number {number}?')}")
    few = len(statements_of(dan, "/admin/flags"))
    for number in range(2, 12):
        subject = f"posts/{ann.ask(f'Question number {number}?')}"
        flag(bob, subject)
        flag(cho, subject)
    assert len(statements_of(dan, "/admin/flags")) == few
