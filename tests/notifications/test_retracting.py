"""Notifications that go away again with what they tell of: deleted posts and comments, votes and acceptances."""

import pytest

from tests.accounts.mailbox import mails, run_jobs
from tests.api.programs import program_of

from .test_notifying import confirm_address, unread_count

pytestmark = pytest.mark.each_database


def lines(person) -> list[str]:
    """Run the jobs; return the sentences of a person's notifications, the newest first."""
    run_jobs(person.app)
    return [line["sentence"] for line in program_of(person).read("/notifications/activity")["items"]]


def test_deleting_a_comment_deletes_its_notifications(ann, bob, cho, dan):
    """Of the author, of whom it mentions and of whom it answers; tried too: a moderator's, one that was read."""
    question = ann.ask()
    first = dan.comment(question, body="I wonder what @cho would say.")
    reply = bob.comment(question, body="She would say that it depends.", parent_id=first)
    assert [len(lines(person)) for person in (ann, cho, dan)] == [1, 1, 1]
    dan.post(f"/comments/{reply}/delete")
    assert lines(ann) == ["dan commented on “How do I move a yard?”"] and lines(dan) == []
    assert (unread_count(ann), unread_count(dan)) == (1, 0)
    ann.post("/notifications/read")
    dan.post(f"/comments/{first}/delete")
    assert (lines(ann), lines(cho)) == ([], [])
    assert (unread_count(ann), unread_count(cho)) == (0, 0)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_a_group_shrinks_when_one_of_its_answers_is_deleted(ann, bob, cho, dan, order):
    """Whichever of them: the row goes with the last one, and leads to the latest that is left."""
    question, people = ann.ask(), (bob, cho, dan)
    answers = [person.answer(question, body=f"This is the way of {person.username}, walk.") for person in people]
    assert lines(ann) == ["dan and 2 others answered your question “How do I move a yard?”"]
    for number in order:
        assert unread_count(ann) == 1
        people[number].post(f"/posts/{answers[number]}/delete")
        answers[number] = 0
        left = [name for name, answer in zip(("bob", "cho", "dan"), answers, strict=True) if answer][::-1]
        assert lines(ann) == ([f"{' and '.join(left)} answered your question “How do I move a yard?”"] if left else [])
        if left:
            item = program_of(ann).read("/notifications/activity")["items"][0]
            assert (item["url"], item["count"]) == (f"/posts/{max(answers)}", len(left))
    assert unread_count(ann) == 0


def test_a_group_of_comments_shrinks_too(ann, bob, cho):
    question = ann.ask()
    comments = [bob.comment(question, body=f"Remark {number} about yards.") for number in range(2)]
    comments.append(cho.comment(question, body="둘 다 맞는 말이에요."))
    assert lines(ann) == ["cho and 2 others commented on “How do I move a yard?”"]
    cho.post(f"/comments/{comments[2]}/delete")
    assert lines(ann) == ["bob commented on “How do I move a yard?”"] and unread_count(ann) == 1
    bob.post(f"/comments/{comments[0]}/delete")
    assert lines(ann) == ["bob commented on “How do I move a yard?”"]
    bob.post(f"/comments/{comments[1]}/delete")
    assert lines(ann) == [] and unread_count(ann) == 0


def test_deleting_a_question_deletes_the_notifications_of_its_answers(ann, bob, cho, dan):
    question = ann.ask(body="What would @cho say about it?")
    answer = bob.answer(question)
    cho.comment(answer)
    cho.post(f"/posts/{answer}/votes", value="1")
    assert [len(lines(person)) for person in (ann, bob, cho)] == [1, 2, 1]
    dan.post(f"/posts/{question}/delete")
    assert [lines(person) for person in (ann, bob, cho)] == [[], [], []]
    assert [unread_count(person) for person in (ann, bob, cho)] == [0, 0, 0]


@pytest.mark.parametrize("kind", ["posts", "comments"])
def test_a_vote_taken_back_leaves_the_notifications(ann, bob, cho, kind):
    """Taken back or turned into a vote down; one that was read stays as it was."""
    question = ann.ask()
    subject = question if kind == "posts" else ann.comment(question)

    def vote(person, value: str) -> None:
        assert person.post(f"/{kind}/{subject}/votes", value=value).status_code == 302

    words = "voted for what you wrote in “How do I move a yard?”"
    for person in (bob, cho):
        vote(person, "1")
    assert lines(ann) == [f"cho and bob {words}"]
    vote(bob, "-1" if kind == "posts" else "0")
    assert lines(ann) == [f"cho {words}"] and unread_count(ann) == 1
    vote(cho, "0")
    assert lines(ann) == [] and unread_count(ann) == 0
    vote(cho, "1")
    assert lines(ann) == [f"cho {words}"] and unread_count(ann) == 1
    ann.post("/notifications/read")
    vote(cho, "0")
    assert lines(ann) == [f"cho {words}"]
    vote(cho, "1")
    assert len(lines(ann)) == 1 and unread_count(ann) == 0, "nobody is notified of one vote again and again"


def test_a_vote_given_again_and_again_sends_one_mail(app, ann, bob):
    confirm_address(ann)
    ann.post("/settings/notifications", post_voted="both", digest="none")
    question = ann.ask()
    for value in ("1", "0", "1", "0", "1"):
        bob.post(f"/posts/{question}/votes", value=value)
        run_jobs(app)
    assert len(mails(app)) == 1


def test_an_acceptance_taken_back_leaves_the_notifications(ann, bob):
    bob.post("/settings/notifications", answer_accepted="web", digest="none")
    answer = bob.answer(ann.ask())
    for value, count in (("1", 1), ("0", 0), ("1", 1)):
        ann.post(f"/posts/{answer}/accept", value=value)
        assert (len(lines(bob)), unread_count(bob)) == (count, count)
