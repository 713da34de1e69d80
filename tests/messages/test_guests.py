"""Messages to and from guests, and what stays when a guest is deleted."""

import pytest
from sqlalchemy import delete

from madang.accounts.models import User
from madang.core.db import db, transaction
from madang.messages.models import Conversation, Message
from madang.notifications import jobs
from tests.accounts.legacy import set_username
from tests.accounts.mailbox import run_jobs
from tests.accounts.test_guests import handle_on
from tests.api.programs import program_of

from .test_conversations import counts_are_right, unread, write  # noqa: F401

pytestmark = pytest.mark.each_database


@pytest.fixture
def guest(people):
    """A visitor with a guest account; the username is its handle."""
    person = people.visitor()
    person.username = handle_on(person.page("/guest"))
    return person


def test_a_member_writes_to_a_guest_by_its_handle(ann, guest):
    assert f'value="{guest.username}"' in ann.page(f"/messages/new?to={guest.username}")
    conversation = write(ann, guest.username.lower())
    assert unread(guest) == 1
    assert ">ann</a>" in guest.page("/messages")
    page = guest.page(f"/messages/{conversation}")
    assert "Shall we meet at the well?" in page and "<textarea" in page
    assert unread(guest) == 0
    assert guest.post(f"/messages/{conversation}", body="Yes, at noon.").status_code == 302
    assert "Yes, at noon." in guest.htmx(f"/messages/{conversation}", body="Or at one.").text
    assert unread(ann) == 2


def test_a_guest_is_shown_by_its_handle_without_a_profile(app, ann, guest):
    conversation = write(ann, guest.username)
    guest.post(f"/messages/{conversation}", body="Yes, at noon.")
    run_jobs(app)
    assert f"Guest {guest.username}" in ann.page("/messages")
    page = ann.page(f"/messages/{conversation}")
    assert f">Guest {guest.username}</span>" in page
    assert f"/users/{guest.username}" not in page and f'data-card="{guest.username}"' not in page
    ann.page(f"/users/{guest.username}", 404)


def test_korean_readers_see_a_guest_in_korean(cho, guest):
    write(cho, guest.username)
    assert f"손님 {guest.username}" in cho.page("/messages")


def test_an_unknown_handle_is_refused_and_the_text_kept(ann):
    response = ann.post("/messages/new", to="ZZZZZZ", body="Are you there?")
    assert response.status_code == 422
    assert "No one here is called ZZZZZZ." in response.text and "Are you there?" in response.text


def test_a_username_key_is_not_a_recipient(ann, guest):
    assert ann.post("/messages/new", to=f"guest:{guest.username}", body="Hello?").status_code == 422


@pytest.mark.parametrize("spelling", [str, str.upper, str.lower, "@{}".format, " {} ".format])
def test_the_name_of_an_account_and_of_a_guest_reaches_neither(ann, bob, guest, spelling):
    set_username(bob, guest.username.lower())
    name = spelling(guest.username)
    response = ann.post("/messages/new", to=name, body="Shall we meet?")
    assert response.status_code == 422 and "is the name of both a member and a guest" in response.text
    program = program_of(ann)
    assert program.post("/conversations", {"to": [name], "body": "Shall we meet?"}).status_code == 422
    assert program.put(f"/users/{guest.username}/block").status_code == 409
    assert (unread(bob), unread(guest)) == (0, 0)


def test_a_conversation_with_a_guest_stays_with_them(ann, bob, guest):
    conversation = write(ann, guest.username)
    set_username(bob, guest.username.lower())
    assert ann.post(f"/messages/{conversation}", body="Are you there?").status_code == 302
    assert (unread(bob), unread(guest)) == (0, 2)


def test_a_guest_can_answer_but_not_start_a_conversation(ann, guest):
    assert guest.get("/messages/new?to=ann").location.startswith("/auth/login?next=/messages/new")
    refused = guest.post("/messages/new", to="ann", body="Hello?")
    assert refused.status_code == 403 and "Guests can answer messages they get." in refused.text
    assert 'href="/messages/new"' not in guest.page("/messages")


def test_a_guest_who_has_left_gets_the_text_back(ann, guest):
    conversation = write(ann, guest.username)
    guest.post(f"/messages/{conversation}/leave")
    response = guest.post(f"/messages/{conversation}", body="Typed before I saw it.")
    assert response.status_code == 404 and "Typed before I saw it." in response.text
    assert ">Send<" not in response.text


def test_guests_can_block_and_be_blocked(ann, bob, guest):
    conversation = write(ann, guest.username)
    assert f"/messages/blocks/{guest.username}" in ann.page(f"/messages/{conversation}")
    assert f"Block Guest {guest.username}?" in ann.page(f"/messages/blocks/{guest.username}")
    ann.post(f"/messages/blocks/{guest.username}")
    assert f"Guest {guest.username}</span>" in ann.page("/messages/blocks")
    assert guest.post(f"/messages/{conversation}", body="Why?").status_code == 422
    ann.post(f"/messages/blocks/{guest.username}/delete")
    assert guest.post(f"/messages/{conversation}", body="Why not?").status_code == 302
    guest.post("/messages/blocks/bob")
    assert bob.post("/messages/new", to=guest.username, body="Hello?").status_code == 422


def test_moderators_see_a_guest_in_reports(ann, dan, guest):
    conversation = write(ann, guest.username)
    location = guest.post(f"/messages/{conversation}", body="Buy a watch!").location
    message = location.partition("#message-")[2]
    ann.post(f"/messages/{conversation}/{message}/report", reason="An advertisement")
    page = dan.page("/messages/reports")
    assert f">Guest {guest.username}</span>" in page and f"/users/{guest.username}" not in page


def test_the_notification_names_the_guest(app, ann, guest):
    ann.post("/settings/notifications", message_received="both", digest="none")
    conversation = write(ann, guest.username)
    guest.post(f"/messages/{conversation}", body="Yes, at noon.")
    with app.app_context(), transaction():
        newest = db.session.query(Message).order_by(Message.id.desc()).first()
        jobs.notify.function(kinds=["message_received"], ids={"message_id": newest.id})
    assert f"Guest {guest.username} wrote you a message" in ann.page("/notifications")


class TestDeletedGuests:
    def test_messages_of_a_deleted_guest_are_deleted(self, app, ann, bob, guest):
        pair = write(ann, guest.username)
        guest.post(f"/messages/{pair}", body="Yes, at noon.")
        guest.post(f"/messages/{pair}", body="Or at one.")
        group = write(ann, f"bob {guest.username}", "Who is here?")
        guest.post(f"/messages/{group}", body="I am.")
        bob.post(f"/messages/{group}", body="So am I.")
        assert (unread(ann), unread(bob)) == (4, 2)
        guest.post("/guest/change")
        assert (unread(ann), unread(bob)) == (1, 1)
        page = ann.page("/messages")
        assert "Or at one." not in page and "Shall we meet at the well?" in page and "Former guest" in page
        page = ann.page(f"/messages/{pair}")
        assert "Yes, at noon." not in page and "cannot get messages" in page
        page = bob.page(f"/messages/{group}")
        assert "I am." not in page and "So am I." in page
        with app.app_context():
            assert {one.id: one.message_count for one in db.session.query(Conversation)} == {pair: 1, group: 2}

    def test_later_messages_are_unread(self, ann, bob, guest):
        group = write(ann, f"bob {guest.username}", "Who is here?")
        guest.post(f"/messages/{group}", body="I am.")
        bob.page(f"/messages/{group}")
        guest.post("/guest/change")
        ann.post(f"/messages/{group}", body="Only two of us, then.")
        assert unread(bob) == 1
        assert "Only two of us, then." in bob.page(f"/messages/{group}")

    def test_a_muted_conversation_stays_uncounted(self, ann, bob, guest):
        group = write(ann, f"bob {guest.username}", "Who is here?")
        bob.page(f"/messages/{group}")
        bob.post(f"/messages/{group}/mute", value="1")
        guest.post(f"/messages/{group}", body="I am.")
        guest.post("/guest/change")
        assert unread(bob) == 0

    def test_a_person_who_left_does_not_see_old_messages(self, ann, guest):
        pair = write(ann, guest.username, "The old words.")
        ann.post(f"/messages/{pair}/leave")
        guest.post(f"/messages/{pair}", body="The new words.")
        guest.post("/guest/change")
        page = ann.page("/messages")
        assert "The old words." not in page and ">None<" not in page
        assert "The old words." not in ann.page(f"/messages/{pair}")

    def test_a_message_without_an_author_is_not_shown_as_the_sites(self, app, ann, bob):
        pair = write(bob, "ann", "Send me your password.")
        with app.app_context(), transaction() as session:
            session.execute(delete(User).where(User.id == bob.id))
        page = ann.page(f"/messages/{pair}")
        assert "Send me your password." in page and "deleted user" in page
        assert "From the site itself" not in page and "From the site itself" not in ann.page("/messages")

    def test_a_guest_who_signs_up_keeps_the_conversation(self, ann, guest):
        pair = write(ann, guest.username)
        guest.post(f"/messages/{pair}", body="Yes, at noon.")
        words = {"username": "nari", "email": "nari@example.org", "password": "seven lanterns over water"}
        assert guest.post("/auth/signup", **words, password2=words["password"]).status_code == 302
        page = ann.page(f"/messages/{pair}")
        assert "Yes, at noon." in page and 'href="/users/nari"' in page
