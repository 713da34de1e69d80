"""An author asks for the deletion of a question that others have answered; moderators decide in the queue of flags."""

import re

import pytest

from madang.accounts.models import User
from madang.core.db import transaction
from madang.core.web import rate_limits
from madang.moderation.models import NOTE_MAX, REPLY_MAX
from madang.moderation.operations import deletion_requests
from tests.accounts.mailbox import run_jobs
from tests.accounts.test_deletion import _archive, _rows
from tests.admin.helpers import staff_actions, suspend
from tests.admin.test_content_removal import _delete
from tests.admin.test_merging import _merge
from tests.api.programs import program_of
from tests.messages.test_concurrency import run_together
from tests.notifications.test_notifying import activity_names, unread_count
from tests.people import PASSWORD, Person
from tests.posts.test_races import between  # noqa: F401

from .flags import flag, flags_of, open_count, resolve

pytestmark = pytest.mark.each_database

WHY = "I named somebody who does not want that."
TITLE = "How do I move a yard?"


@pytest.fixture
def question(ann, bob) -> int:
    """A question of Ann's that Bob has answered."""
    number = ann.ask()
    bob.answer(number)
    return number


def ask(person: Person, question: int, note: str = WHY):
    return person.post(f"/posts/{question}/deletion-request", note=note)


def decide(person: Person, question: int, verdict: str, reply: str = ""):
    return person.post(f"/admin/flags/posts/{question}/deletion-request", verdict=verdict, reply=reply)


def withdraw(person: Person, question: int):
    return person.post(f"/posts/{question}/deletion-request/delete")


def _delete_answers_of(person: Person, question: int) -> None:
    for number in re.findall(r'id="answer-(\d+)"', person.page(f"/posts/{question}")):
        person.post(f"/posts/{number}/delete")


def test_the_author_of_an_answered_question_asks_and_a_moderator_deletes_it(app, ann, bob, dan, visitor, question):
    link = f'href="/posts/{question}/deletion-request"'
    assert link in ann.page(f"/posts/{question}")
    for person in (bob, dan, visitor):
        assert link not in person.page(f"/posts/{question}")
    page = ann.page(f"/posts/{question}/deletion-request")
    assert "Ask to have this question deleted" in page and TITLE in page
    assert "The moderators will look at it and let you know what they decide." in ann.follow(ask(ann, question))
    visitor.page(f"/posts/{question}")
    queue = dan.page("/admin/flags")
    assert "<h3>Its author asks for deletion</h3>" in queue and WHY in queue
    assert re.search(r'<label for="(reply-\d+)">Why you keep it \(optional\)</label><input [^>]*id="\1"', queue)
    assert "Delete as asked" in queue and "Accept flag" not in queue, "there is no flag to uphold"
    assert "The question has been deleted." in dan.follow(decide(dan, question, "upheld"))
    visitor.page(f"/posts/{question}", 410)
    assert "No flags are waiting" in dan.page("/admin/flags")
    assert staff_actions(app) == [("accept_deletion_request", question), ("delete_post", question)]
    assert "Deleted as its author asked" in dan.page("/admin/log")
    assert activity_names(ann)[0] == "deletion_decided"
    assert f"The moderators have deleted your question “{TITLE}”, as you asked" in ann.page("/notifications")
    dan.post(f"/posts/{question}/restore")
    visitor.page(f"/posts/{question}")
    assert ask(ann, question).status_code == 302, "a restored question may be asked about again"


def test_a_request_is_declined_with_a_sentence_or_without(app, ann, dan, visitor, question):
    ask(ann, question)
    decide(dan, question, "declined", "The answers\nhelp many.")
    visitor.page(f"/posts/{question}")
    assert activity_names(ann)[0] == "deletion_decided"
    assert f"The moderators decided to keep your question “{TITLE}”: The answers help many." in ann.page(
        "/notifications"
    )
    page = ann.page(f"/posts/{question}/deletion-request")
    assert "to keep this question." in page and "The answers help many." in page
    assert ask(ann, question, "But I ask again.").status_code == 302
    decide(dan, question, "declined")
    run_jobs(app)
    assert re.search(
        rf"The moderators decided to keep your question “{re.escape(TITLE)}”\s*<", ann.page("/notifications")
    )
    assert staff_actions(app) == [("decline_deletion_request", question)] * 2
    assert "Deletion request declined" in dan.page("/admin/log")


def test_asking_again_changes_the_one_open_request(app, ann, dan, question):
    ask(ann, question)
    ask(ann, question, "And another reason.")
    (request,) = flags_of(app)
    assert (request.note, request.is_open, request.reason) == ("And another reason.", True, "deletion")
    page = ann.page(f"/posts/{question}/deletion-request")
    assert "You asked for this" in page and "And another reason." in page
    assert dan.page("/admin/flags").count("Delete as asked") == 1


def test_a_request_is_withdrawn(app, ann, bob, dan, question):
    ask(ann, question)
    assert activity_names(dan) == ["content_flagged"]
    assert withdraw(bob, question).status_code == 302 and open_count(app) == 1, "only one's own"
    assert "Your request has been withdrawn." in ann.follow(withdraw(ann, question))
    assert flags_of(app) == []
    assert activity_names(dan) == [] and unread_count(dan) == 0
    assert withdraw(ann, question).status_code == 302, "withdrawing twice is allowed"
    assert "No request is waiting here any more" in dan.follow(decide(dan, question, "upheld"))
    ask(ann, question)
    assert activity_names(dan) == ["content_flagged"], "a new request"


def test_moderators_hear_of_a_request_as_of_flags(ann, bob, dan, question):
    ask(ann, question)
    assert activity_names(dan) == ["content_flagged"] and unread_count(dan) == 1
    assert f"ann asks to have “{TITLE}” deleted" in dan.page("/notifications")
    assert "1 waiting" in dan.page("/admin")
    flag(bob, f"posts/{question}")
    assert activity_names(dan) == ["content_flagged"] * 2, "a flag is another notification"
    decide(dan, question, "declined")
    assert activity_names(dan) == ["content_flagged"] and unread_count(dan) == 1


@pytest.mark.parametrize(
    ("note", "words"),
    [("", "Please tell the moderators why"), (" \n", "Please tell the moderators why"), ("x" * (NOTE_MAX + 1), "500")],
)
def test_a_request_needs_a_reason(app, ann, question, note, words):
    response = ask(ann, question, note)
    assert response.status_code == 422 and words in response.text
    refused = program_of(ann).put(f"/posts/{question}/deletion-request", {"note": note})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"note"})
    assert flags_of(app) == []


@pytest.mark.parametrize(
    ("verdict", "reply"), [("", ""), ("perhaps", ""), ("declined", "x" * (REPLY_MAX + 1)), ("upheld", "Gladly.")]
)
def test_an_invalid_decision_changes_nothing(app, ann, dan, question, verdict, reply):
    """The page has one form for both decisions; what was typed there is no answer to a request that is granted."""
    ask(ann, question)
    path = f"/admin/flags/posts/{question}/deletion-request/verdict"
    assert program_of(dan).put(path, {"verdict": verdict, "reply": reply}).status_code == 422
    if verdict != "upheld":
        assert decide(dan, question, verdict, reply).status_code == 422
    assert open_count(app) == 1
    assert decide(dan, question, "upheld", "Gladly.").status_code == 302
    assert [row.reply for row in flags_of(app)] == [""]


@pytest.mark.parametrize("who", ["bob", "eve", "dan", "visitor"])
def test_only_the_author_asks_and_only_staff_decides(app, people, ann, question, who):
    person = people.visitor() if who == "visitor" else people[who]
    assert ask(person, question).status_code == (302 if who == "visitor" else 403)
    assert flags_of(app) == []
    ask(ann, question)
    if who != "dan":
        assert decide(person, question, "upheld").status_code == (302 if who == "visitor" else 404)
    assert open_count(app) == 1


def test_what_the_author_can_delete_is_deleted_and_not_asked_about(app, ann, bob, dan):
    own, talk = ann.ask(), ann.ask("Good morning to all", board="talk")
    ann.answer(own)
    for post in (own, talk):
        assert "deletion-request" not in ann.page(f"/posts/{post}")
        assert ann.get(f"/posts/{post}/deletion-request").location == f"/posts/{post}/delete"
        assert ask(ann, post).status_code == 409
    answer = bob.answer(own)
    assert bob.get(f"/posts/{answer}/deletion-request").location == f"/posts/{answer}/delete"
    dan.post(f"/posts/{talk}/lock", value=1)
    assert ask(ann, talk).status_code == 403, "of questions alone"
    assert flags_of(app) == []


def test_a_locked_or_closed_question_may_be_asked_about(app, ann, bob, dan, question):
    locked = ann.ask("How does one carry a yard?")
    dan.post(f"/posts/{locked}/lock", value=1)
    dan.post(f"/posts/{question}/close", reason="unclear")
    for post in (locked, question):
        assert ask(ann, post).status_code == 302
    dan.post(f"/posts/{question}/lock", value=1)
    for post in (locked, question):
        assert decide(dan, post, "upheld").status_code == 302
        assert bob.get(f"/posts/{post}").status_code == 410


def test_flags_of_others_and_a_request_are_decided_apart(app, ann, bob, cho, dan, question):
    subject = f"posts/{question}"
    flag(bob, subject)
    ask(ann, question)
    queue = dan.page("/admin/flags")
    assert queue.count(f'id="flag-{flags_of(app)[-1].id}"') == 1, "one entry"
    assert "Accept flag" in queue and "Keep the question" in queue
    resolve(dan, subject, "upheld")
    assert [row.is_open for row in flags_of(app)] == [None, True]
    flag(cho, subject)
    decide(dan, question, "declined")
    assert [row.is_open for row in flags_of(app)] == [None, None, True]
    ask(ann, question, "Once more.")
    decide(dan, question, "upheld")
    assert [row.verdict for row in flags_of(app)] == ["upheld", "declined", "upheld", "upheld"]
    assert "No flag is waiting here any more" in dan.follow(resolve(dan, subject, "declined"))


def test_the_author_has_no_flag_while_asking(app, ann, question):
    ask(ann, question)
    program = program_of(ann)
    assert program.get(f"/posts/{question}/flag").status_code == 404
    assert program.delete(f"/posts/{question}/flag").status_code == 204
    assert ann.get(f"/posts/{question}/flags").status_code == 403
    assert open_count(app) == 1


def test_a_moderator_who_deletes_the_question_grants_the_request(app, ann, dan, question):
    ask(ann, question)
    dan.post(f"/posts/{question}/delete")
    assert [(row.verdict, row.settled_by_id) for row in flags_of(app)] == [("upheld", dan.id)]
    run_jobs(app)
    assert "The moderators have deleted your question" in ann.page("/notifications")


def test_when_the_answers_vanish_the_author_deletes_the_question_and_the_request_goes(app, ann, bob, dan, question):
    ask(ann, question)
    assert activity_names(dan) == ["content_flagged"]
    _delete_answers_of(bob, question)
    page = ann.page(f"/posts/{question}/deletion-request")
    assert "You can delete this yourself." in page and "Withdraw request" in page and "<textarea" not in page
    assert ask(ann, question, "Anything else.").status_code == 409
    assert open_count(app) == 1, "moderators may still decide"
    ann.post(f"/posts/{question}/delete")
    assert flags_of(app) == []
    assert activity_names(dan) == [] and unread_count(dan) == 0
    ann.post(f"/posts/{question}/restore")
    assert ann.page(f"/posts/{question}").count("deletion-request") == 0


def test_a_request_can_be_granted_after_the_answers_vanished(app, ann, bob, dan, question):
    ask(ann, question)
    _delete_answers_of(bob, question)
    decide(dan, question, "upheld")
    assert [row.verdict for row in flags_of(app)] == ["upheld"]
    assert ann.get(f"/posts/{question}").status_code == 410


def test_suspended_authors_ask_for_nothing_but_hear_of_the_decision(app, root, ann, dan, question):
    ask(ann, question)
    suspend(root, ann)
    for response in (ask(ann, question), withdraw(ann, question), ann.get(f"/posts/{question}/deletion-request")):
        assert response.status_code == 403
    assert "deletion-request" not in ann.page(f"/posts/{question}")
    decide(dan, question, "declined", "It helps many.")
    run_jobs(app)
    assert "It helps many." in ann.page("/notifications")


def test_a_request_of_a_deleted_account_waits_for_a_decision(app, ann, dan, question):
    ask(ann, question)
    assert ann.post("/settings/leave/delete", current_password=PASSWORD).status_code == 302
    queue = dan.page("/admin/flags")
    assert WHY in queue and "deleted user" in queue
    decide(dan, question, "upheld")
    run_jobs(app)
    assert dan.page("/admin/flags").count(WHY) == 0
    assert [row.verdict for row in flags_of(app)] == ["upheld"]


def test_a_request_ends_with_an_account_that_is_deleted_with_its_content(app, root, ann, question):
    ask(ann, question)
    assert _delete(root, ann, content="remove").status_code == 302
    run_jobs(app)
    assert open_count(app) == 0


def test_merging_accounts_moves_a_request_and_drops_flags_on_what_is_ones_own_now(app, root, ann, cho, dan, question):
    ask(ann, question)
    flag(cho, f"posts/{question}")
    assert _merge(root, ann, cho).status_code == 302
    assert [(row.flagger_id, row.reason, row.is_open) for row in flags_of(app)] == [(cho.id, "deletion", True)]
    decide(dan, question, "declined")
    assert activity_names(cho)[0] == "deletion_decided"


def test_an_author_who_became_a_moderator_can_decide(app, ann, dan, question):
    ask(ann, question)
    with app.app_context(), transaction() as session:
        session.get(User, ann.id).role = "moderator"
    assert "Withdraw request" in ann.page(f"/posts/{question}/deletion-request")
    assert decide(ann, question, "upheld").status_code == 302
    assert [row.verdict for row in flags_of(app)] == ["upheld"]
    assert "deletion_decided" not in activity_names(ann), "nobody is told of their own decision"


def test_a_request_survives_a_move_to_another_board(app, root, ann, dan, question):
    root.post("/admin/boards/add", name="Tea", slug="tea", kind="qa", confirmed="1")
    ask(ann, question)
    dan.post(f"/posts/{question}/move", board="tea")
    assert open_count(app) == 1
    decide(dan, question, "upheld")
    assert open_count(app) == 0


def test_requests_count_against_the_limit_of_flags(app, ann, bob, question):
    app.config["FLAG_LIMIT"] = "1 per hour"
    rate_limits.connect(None)
    other = ann.ask("How does one carry a yard?")
    bob.answer(other)
    assert [ask(ann, question, note).status_code for note in ("", WHY)] == [422, 302]
    refused = ask(ann, other)
    assert refused.status_code == 429 and WHY in refused.text
    assert program_of(ann).put(f"/posts/{other}/deletion-request", {"note": WHY}).status_code == 429


def test_the_archive_has_own_requests(app, ann, dan, question):
    ask(ann, question)
    decide(dan, question, "declined", "The answers help many.")
    ann.post("/settings/leave/export")
    run_jobs(app)
    (row,) = _rows(_archive(ann), "flags.json")
    assert (row["post_id"], row["reason"], row["note"]) == (question, "deletion", WHY)
    assert (row["verdict"], row["reply"]) == ("declined", "The answers help many.")


def test_programs_ask_withdraw_and_decide(app, ann, bob, dan, question):
    path, verdict = f"/posts/{question}/deletion-request", f"/admin/flags/posts/{question}/deletion-request/verdict"
    author, moderator = program_of(ann), program_of(dan)
    assert author.get(path).status_code == 404
    asked = author.put(path, {"note": WHY})
    assert (asked.status_code, asked.json["note"], asked.json["verdict"]) == (200, WHY, None)
    assert author.read(path) == asked.json
    assert program_of(bob).get(path).status_code == 404, "not of others"
    for _twice in range(2):
        assert author.delete(path).status_code == 204
    assert author.get(path).status_code == 404
    author.put(path, {"note": WHY})
    (waiting,) = moderator.read("/admin/flags")["items"]
    assert (waiting["post_id"], waiting["counts"]) == (question, {"deletion": 1})
    assert [(row["reason"], row["note"], row["flagger"]["username"]) for row in waiting["flags"]] == [
        ("deletion", WHY, "ann")
    ]
    assert moderator.put(verdict, {"verdict": "declined", "reply": "It helps many."}).status_code == 204
    declined = author.read(path)
    assert (declined["verdict"], declined["reply"]) == ("declined", "It helps many.") and declined["settled_at"]
    assert moderator.put(verdict, {"verdict": "upheld"}).status_code == 409, "nothing waits"
    author.put(path, {"note": "Please, all the same."})
    assert moderator.put(verdict, {"verdict": "upheld"}).status_code == 204
    assert author.get(path).status_code == 410
    for refused in (author.put(path, {"note": WHY}), author.delete(path)):
        assert refused.status_code == 410


def test_programs_that_may_not_ask_are_told_why(ann, bob, eve, question):
    path = f"/posts/{question}/deletion-request"
    assert program_of(eve).put(path, {"note": WHY}).json["code"] == "forbidden"
    own = ann.ask("How does one carry a yard?")
    refused = program_of(ann).put(f"/posts/{own}/deletion-request", {"note": WHY})
    assert (refused.status_code, refused.json["detail"]) == (409, "You can delete this yourself.")


def test_a_question_deleted_meanwhile_is_not_asked_about(app, ann, dan, question, between):  # noqa: F811
    between(deletion_requests, "lock_row", lambda: dan.post(f"/posts/{question}/delete"))
    assert ask(ann, question).status_code == 410
    assert flags_of(app) == []


def test_two_decisions_at_once_are_one(app, root, ann, dan, question, between):  # noqa: F811
    ask(ann, question)
    between(deletion_requests, "lock_row", lambda: decide(root, question, "declined"))
    assert "No request is waiting here any more" in dan.follow(decide(dan, question, "upheld"))
    assert [row.verdict for row in flags_of(app)] == ["declined"]
    assert ann.get(f"/posts/{question}").status_code == 200


def test_concurrent_clicks_are_one_request(app, ann, question):
    assert ann.token
    run_together(*[lambda: ask(ann, question)] * 3)
    assert open_count(app) == 1


def test_the_page_that_deletes_leads_authors_to_the_request(ann, bob, dan, visitor, question):
    path = f"/posts/{question}/delete"
    assert ann.get(path).location == f"/posts/{question}/deletion-request"
    refused = ann.post(path)
    assert refused.status_code == 409 and "ask the moderators on its page to delete it" in refused.text
    assert bob.get(path).status_code == 403
    assert "Delete this post?" in dan.page(path)
