"""Recipients, grouping, deduplication, read marks, preferences and mails of notifications."""

import json
import re
import threading
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from madang.accounts.models import User
from madang.accounts.operations.guests import open_guest
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.i18n import use_locale
from madang.notifications import jobs
from madang.notifications.models.tables import Notification
from madang.notifications.operations import delivering
from madang.notifications.operations.mails import send_notification
from tests.accounts.mailbox import mails, run_jobs

from .notices import notice_of

pytestmark = pytest.mark.each_database


def activity_names(person) -> list[str]:
    """Run the jobs; return the kinds of a person's activity, the newest first."""
    run_jobs(person.app)
    with person.app.app_context():
        mine = select(Notification).where(Notification.user_id == person.id, Notification.is_activity)
        return [row.name for row in db.session.scalars(mine.order_by(Notification.id.desc()))]


def unread_count(person) -> int:
    with person.app.app_context():
        return db.session.scalar(select(User.unread_notification_count).where(User.id == person.id))


def confirm_address(person, **values) -> None:
    with person.app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == person.id).values(email_confirmed_at=now(), **values))


def test_the_asker_is_notified_of_an_answer(ann, bob):
    question = ann.ask()
    bob.answer(question)
    assert activity_names(ann) == ["answer_posted"]
    assert "bob answered your question “How do I move a yard?”" in ann.page("/notifications")
    assert activity_names(bob) == []


def test_notifications_are_in_the_readers_language(cho, bob):
    bob.answer(cho.ask(title="마당을 어떻게 옮기나요?"))
    activity_names(cho)
    assert "bob 님이 내 질문 “마당을 어떻게 옮기나요?”에 답변했어요" in cho.page("/notifications")


def test_nobody_is_notified_of_their_own_posts(ann):
    question = ann.ask(body="I ask @ann herself about this yard.")
    ann.answer(question)
    ann.comment(question, body="@ann and I wonder.")
    assert activity_names(ann) == []


def test_a_comment_notifies_the_authors_of_post_and_parent_comment(ann, bob, cho):
    question = ann.ask()
    first = bob.comment(question)
    assert activity_names(ann) == ["comment_posted"]
    cho.comment(question, parent_id=first)
    assert activity_names(bob) == ["comment_posted"]


def test_a_mention_notifies_once_over_several_edits(ann, bob):
    question = ann.ask(body="What would @bob say about a yard?")
    assert activity_names(bob) == ["mentioned"]
    for body in ("What would @bob say about two yards?", "What would @bob and @bob say about it?"):
        response = ann.post(f"/posts/{question}/edit", title="How do I move a yard?", body=body, tags="", version="")
        assert response.status_code in (302, 409, 422)
    assert activity_names(bob) == ["mentioned"]


def test_a_mention_in_a_quote_notifies_nobody(ann, bob, cho):
    question = ann.ask(body="> What would @bob say?\n\nI would like to know it too, 참조:@cho")
    ann.comment(question, body="> @bob said so\n\nDid he?")
    assert activity_names(bob) == []
    assert activity_names(cho) == ["mentioned"]


def test_an_answer_that_mentions_the_asker_notifies_once(ann, bob):
    bob.answer(ann.ask(), body="Dear @ann, lift it gently and walk slowly.")
    assert activity_names(ann) == ["answer_posted"]


def test_unread_answers_are_grouped(ann, bob, cho, dan):
    question = ann.ask()
    bob.answer(question)
    cho.answer(question, body="천천히 걸어가면서 옮기세요. 그러면 됩니다.")
    dan.answer(question, body="With the help of four friends, as I did.")
    assert activity_names(ann) == ["answer_posted"]
    assert unread_count(ann) == 1
    assert "dan and 2 others answered your question" in ann.page("/notifications")
    ann.post("/notifications/read")
    assert unread_count(ann) == 0
    bob.answer(question, body="And another way: build it anew elsewhere.")
    assert activity_names(ann) == ["answer_posted", "answer_posted"]
    assert unread_count(ann) == 1


def test_votes_are_grouped_and_notify_once(ann, bob, cho):
    question = ann.ask()
    for person in (bob, cho):
        person.post(f"/posts/{question}/votes", value="1")
    assert activity_names(ann) == ["post_voted"]
    assert "cho and bob voted for what you wrote" in ann.page("/notifications")
    for value in ("0", "1", "0", "1"):
        bob.post(f"/posts/{question}/votes", value=value)
    activity_names(ann)
    assert "cho and bob" in ann.page("/notifications")


def test_a_withdrawn_vote_notifies_nobody(ann, bob):
    question = ann.ask()
    bob.post(f"/posts/{question}/votes", value="1")
    bob.post(f"/posts/{question}/votes", value="0")
    assert activity_names(ann) == []


def test_a_downvote_notifies_nobody(ann, bob):
    bob.post(f"/posts/{ann.ask()}/votes", value="-1")
    assert activity_names(ann) == []


def test_the_author_of_an_accepted_answer_is_notified(ann, bob):
    question = ann.ask()
    answer = bob.answer(question)
    ann.post(f"/posts/{answer}/accept", value=1)
    assert activity_names(bob) == ["answer_accepted"]


def test_a_job_that_runs_twice_notifies_once(app, ann, bob):
    answer = bob.answer(ann.ask())
    for _time in range(3):
        with app.app_context(), transaction():
            jobs.notify.function(kinds=["answer_posted", "mentioned"], ids={"post_id": answer})
    assert activity_names(ann) == ["answer_posted"]
    assert unread_count(ann) == 1


def test_a_post_deleted_before_the_job_notifies_nobody(ann, bob):
    answer = bob.answer(ann.ask())
    bob.post(f"/posts/{answer}/delete")
    assert activity_names(ann) == []


def test_deleting_a_post_deletes_its_notifications(ann, bob):
    question = ann.ask()
    answer = bob.answer(question)
    assert activity_names(ann) == ["answer_posted"]
    bob.post(f"/posts/{answer}/delete")
    assert activity_names(ann) == []
    assert unread_count(ann) == 0


def test_opening_a_notification_marks_it_read_and_redirects(ann, bob):
    question = ann.ask()
    answer = bob.answer(question)
    activity_names(ann)
    with ann.app.app_context():
        number = db.session.scalar(
            select(Notification.id).where(Notification.name == "answer_posted", Notification.is_activity)
        )
    opened = ann.get(f"/notifications/{number}")
    assert opened.location == f"/posts/{answer}"
    assert unread_count(ann) == 0
    assert bob.get(f"/notifications/{number}").status_code == 404


def test_viewing_a_question_marks_notifications_of_its_answers_read(ann, bob):
    question = ann.ask()
    other = ann.ask("Where does the path lead?")
    bob.answer(question)
    bob.answer(other)
    assert len(activity_names(ann)) == 2 and unread_count(ann) == 2
    ann.htmx("/notifications/read", post=str(question))
    assert unread_count(ann) == 1
    ann.htmx("/notifications/read", post=str(other))
    assert unread_count(ann) == 0


def test_viewing_an_answer_marks_its_notifications_read(ann, bob):
    question = ann.ask()
    answer = bob.answer(question)
    activity_names(ann)
    assert ann.htmx("/notifications/read", post=str(answer)).status_code == 204
    assert unread_count(ann) == 0


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "abc"])
def test_invalid_ids_are_not_found(ann, number):
    assert ann.get(f"/notifications/{number}").status_code == 404
    assert ann.get(f"/notifications?before={number}").status_code == 404
    assert ann.post("/notifications/read", id=number).status_code == 404


def test_the_list_is_paged_by_key(app, ann, bob):
    for number in range(32):
        bob.comment(ann.ask(title=f"Yard number {number} of many"))
    activity_names(ann)
    first = ann.page("/notifications")
    assert first.count('class="notification-row') == 30
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert ann.page(older.replace("&amp;", "&")).count('class="notification-row') == 2


def test_the_channel_none_notifies_nobody(ann, bob):
    ann.post("/settings/notifications", answer_posted="none", digest="none")
    bob.answer(ann.ask())
    assert activity_names(ann) == []


def test_a_mail_has_an_unsubscribe_link_without_log_in(app, ann, bob, visitor):
    confirm_address(ann)
    bob.answer(ann.ask())
    run_jobs(app)
    mail = mails(app)[-1]
    assert mail["Subject"] == "[Yard] How do I move a yard?"
    assert "bob answered your question “How do I move a yard?”" in mail.get_content()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = mail["List-Unsubscribe"].strip("<>").partition("5000")[2]
    assert "Unsubscribe" in visitor.page(stop)
    answer = visitor.client.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    bob.answer(ann.ask(title="How do I move a second yard?"))
    assert len(mails(app)) == 1
    assert activity_names(ann) == ["answer_posted", "answer_posted"]


def test_a_forged_unsubscribe_link_is_refused(visitor):
    assert visitor.get("/unsubscribe/WzEsImFuc3dlcl9wb3N0ZWQiXQ.forged").status_code == 404
    assert visitor.client.post("/unsubscribe/forged").status_code == 404


def test_mails_come_in_the_readers_language(app, cho, bob):
    confirm_address(cho)
    bob.answer(cho.ask(title="마당을 어떻게 옮기나요?"))
    run_jobs(app)
    assert mails(app)[-1]["Subject"] == "[Yard] 마당을 어떻게 옮기나요?"
    assert "bob 님이 내 질문 “마당을 어떻게 옮기나요?”에 답변했어요" in mails(app)[-1].get_content()


def test_all_mails_of_a_question_are_one_thread(app, ann, bob, cho):
    """A mail program groups them by References and by a subject that stays the same."""
    confirm_address(ann)
    question = ann.ask()
    answer = bob.answer(question)
    cho.comment(question)
    cho.comment(answer, "Do you know @ann of it?")
    run_jobs(app)
    sent = mails(app)
    assert len(sent) == 3
    assert {mail["Subject"] for mail in sent} == {"[Yard] How do I move a yard?"}
    roots = {mail["References"] for mail in sent} | {mail["In-Reply-To"] for mail in sent}
    assert [re.sub("@.*", "", root) for root in roots] == [f"<post-{question}"]
    assert len({mail["Message-ID"] for mail in sent}) == 3
    assert {mail["Auto-Submitted"] for mail in sent} == {"auto-generated"}
    assert all(mail["List-Id"].startswith("<notifications.") for mail in sent)


def test_all_mails_of_a_conversation_are_one_thread(app, ann, bob):
    confirm_address(ann)
    for body in ("Are you there?", "I wait at the gate."):
        bob.post("/messages/new", to="ann", body=body)
        with at(now() + timedelta(minutes=3)):
            run_jobs(app)
    sent = mails(app)
    assert len(sent) == 2
    assert len({mail["Subject"] for mail in sent}) == len({mail["References"] for mail in sent}) == 1
    assert sent[0]["References"].startswith("<conversation-")


def test_a_mail_about_no_thread_belongs_to_none(app, ann, bob):
    confirm_address(ann)
    ann.post("/settings/notifications", person_followed="both", digest="none")
    bob.post("/users/ann/follow", value=1)
    run_jobs(app)
    (mail,) = mails(app)
    assert mail["Subject"] == "bob started following you"
    assert mail["References"] is None and mail["In-Reply-To"] is None


def test_an_unconfirmed_address_gets_no_mail(app, ann, bob):
    bob.answer(ann.ask())
    assert mails(app) == []


@pytest.mark.parametrize("fields", [{"digest": "hourly"}, {"answer_posted": "everywhere", "digest": "none"}])
def test_invalid_preferences_are_refused(ann, fields):
    response = ann.post("/settings/notifications", **fields)
    assert response.status_code == 422
    assert "Please choose one of the options." in response.text


def test_preferences_are_saved(ann):
    ann.post("/settings/notifications", answer_posted="email", digest="weekly")
    page = ann.page("/settings/notifications")
    assert '<option selected value="email">' in page
    assert '<option selected value="weekly">' in page


def test_the_archive_has_notifications_and_preferences(app, ann, bob):
    bob.answer(ann.ask())
    activity_names(ann)
    ann.post("/settings/notifications", digest="weekly")
    ann.post("/settings/leave/export")
    run_jobs(app)
    address = re.search(r'href="(/jobs/\d+/download)"', ann.page("/settings/leave"))[1]
    with ZipFile(BytesIO(ann.get(address).data)) as archive:
        assert [row["name"] for row in json.loads(archive.read("notifications.json"))] == ["answer_posted"]
        assert json.loads(archive.read("notification_preferences.json"))[0]["digest"] == "weekly"


def test_concurrent_notifications_of_one_person_do_not_deadlock(app, ann, monkeypatch):
    """Two workers insert their receipts at the same time, unless one lock makes the other wait."""
    barrier, add_to_lists, errors = threading.Barrier(2), delivering._add_to_lists, []

    def wait_and_add(*arguments):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=0.5)
        add_to_lists(*arguments)

    def notify(number: int) -> None:
        notice = notice_of(ann.id, "job_finished", {"url": f"/jobs/{number}"}, dedupe_key=f"t{number}")
        try:
            with app.app_context(), transaction():
                delivering.deliver_notices([notice], now=now())
        except Exception as error:  # an exception in a thread is lost otherwise
            errors.append(error)

    monkeypatch.setattr(delivering, "_add_to_lists", wait_and_add)
    threads = [threading.Thread(target=notify, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with app.app_context():
        (row,) = db.session.scalars(select(Notification).where(Notification.is_activity))
        assert row.payload["count"] == unread_count(ann) + 1 == 2


def test_a_mail_names_a_guest_in_the_readers_language(app, cho):
    """Independent of the job's language."""
    confirm_address(cho)
    with app.app_context(), transaction(), use_locale("en"):
        guest = open_guest("K7M2QX", now=now(), locale="en")
    payload = {"actor_id": guest.id, "conversation_id": 1, "url": "/messages/1"}
    with app.app_context(), use_locale("en"):
        send_notification(cho.id, "message_received", payload)
    assert mails(app)[-1]["Subject"] == "[Yard] 손님 K7M2QX 님이 쪽지를 보냈어요"
