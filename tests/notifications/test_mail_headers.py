"""Subjects of mails hold what people typed, and bring no header along."""

import re

import pytest
from sqlalchemy import update

from madang.accounts.models import User
from madang.core.db import transaction
from madang.notifications.operations.mails import send_notification
from tests.accounts.mailbox import mails, run_jobs

from .test_notifying import activity_names, confirm_address

pytestmark = pytest.mark.each_database


def test_a_mail_marks_the_title_of_a_group_as_such(app, ann, bob, cho):
    for person in (ann, bob):
        confirm_address(person)
    sent = cho.post("/messages/new", to="ann, bob", body="Shall we meet?", title="The well")
    conversation_id = int(re.search(r"\d+", sent.location)[0])
    payload = {"actor_ids": [cho.id], "count": 1, "conversation_id": conversation_id, "url": "/messages/1"}
    with app.test_request_context(), transaction():
        send_notification(ann.id, "message_received", payload)
    assert mails(app)[-1]["Subject"] == "[Yard] Group “The well”"


INJECTION = "=?utf-8?q?x=0ABcc:_eve?="


@pytest.mark.parametrize(
    ("name", "title"),
    [(INJECTION, "How do I move a yard?"), ("", f"How {INJECTION}?"), (INJECTION, f"How {INJECTION}")],
)
def test_what_people_typed_brings_no_header_along(app, ann, bob, name: str, title: str):
    confirm_address(ann)
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == bob.id).values(display_name=name))
    ann.post("/notifications/settings", answer_posted="email", person_followed="email")
    bob.answer(ann.ask(title=title))
    bob.post("/users/ann/follow")
    run_jobs(app)
    first, *others = mails(app)
    assert first["Subject"] == f"[Yard] {title}"
    assert {mail["Bcc"] for mail in (first, *others)} == {None}
    assert all(INJECTION in f"{mail['Subject']} {mail.get_content()}" for mail in (first, *others))


def test_no_mail_is_sent_to_an_address_from_before_that_is_read_as_another(app, ann, bob):
    confirm_address(ann, email="=?utf-8?q?eve?=@example.org")
    bob.answer(ann.ask())
    assert activity_names(ann) == ["answer_posted"]
    assert mails(app) == []
