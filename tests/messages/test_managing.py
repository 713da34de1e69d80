"""Leave and mute conversations, block people, report messages, export the data."""

import re

import pytest

from madang.admin.operations.counters import differences
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.messages.models import ConversationMember, Message
from madang.messages.operations.leaving import leave_all_conversations
from tests.accounts.mailbox import run_jobs
from tests.accounts.test_deletion import _archive, _rows
from tests.messages.test_conversations import counts_are_right, unread, write  # noqa: F401
from tests.people import PASSWORD


def block(person, name: str) -> None:
    assert person.post(f"/messages/blocks/{name}").status_code == 302


class TestLeaving:
    def test_leaving_a_group_removes_it_for_good(self, ann, bob, cho):
        group = write(ann, "bob cho", "Who is here?")
        assert "Leave this conversation?" in bob.page(f"/messages/{group}/leave")
        assert "You have left the conversation." in bob.follow(bob.post(f"/messages/{group}/leave"))
        assert unread(bob) == 0
        ann.post(f"/messages/{group}", body="Is bob gone?")
        assert unread(bob) == 0 and "Who is here?" not in bob.page("/messages")
        assert "You have left this conversation." in bob.page(f"/messages/{group}", 404)
        assert "Is bob gone?" in cho.page(f"/messages/{group}")

    def test_text_posted_after_leaving_is_offered_for_a_new_conversation(self, ann, bob, cho):
        group = write(ann, "bob cho")
        bob.post(f"/messages/{group}/leave")
        response = bob.post(f"/messages/{group}", body="Typed before I saw it.")
        assert response.status_code == 404
        assert "Typed before I saw it." in response.text and 'value="ann, cho"' in response.text
        assert bob.htmx(f"/messages/{group}", body="The same.").status_code == 404
        assert write(bob, "ann, cho", "Typed before I saw it.") != group

    def test_a_pair_continues_when_the_other_person_writes(self, ann, bob):
        pair = write(ann, "bob", "The old words.")
        bob.post(f"/messages/{pair}/leave")
        assert write(ann, "bob", "The new words.") == pair
        assert unread(bob) == 1
        page = bob.page(f"/messages/{pair}")
        assert "The new words." in page and "The old words." not in page
        assert "The old words." in ann.page(f"/messages/{pair}")

    def test_a_pair_continues_when_the_person_who_left_writes(self, ann, bob):
        pair = write(ann, "bob", "The old words.")
        bob.page(f"/messages/{pair}")
        bob.post(f"/messages/{pair}/leave")
        assert write(bob, "ann", "I have thought about it.") == pair
        page = bob.page(f"/messages/{pair}")
        assert "I have thought about it." in page and "The old words." not in page

    def test_messages_are_deleted_when_everybody_has_left(self, app, ann, bob):
        pair = write(ann, "bob", "The old words.")
        for person in (ann, bob):
            person.post(f"/messages/{pair}/leave")
        with app.app_context():
            assert db.session.query(Message).count() == 0
        assert write(bob, "ann", "The new words.") == pair
        assert "The old words." not in ann.page(f"/messages/{pair}")

    def test_the_last_member_of_a_group_cannot_post(self, ann, bob, cho):
        group = write(ann, "bob cho")
        for person in (bob, cho):
            person.post(f"/messages/{group}/leave")
        assert "Everyone else has left" in ann.page(f"/messages/{group}")
        assert ann.post(f"/messages/{group}", body="Hello?").status_code == 422

    def test_a_reused_membership_id_does_not_show_old_messages(self, app, ann, bob, cho):
        """SQLite reuses the id of a deleted row."""
        pair = write(ann, "bob", "For the old bob.")
        bob.page(f"/messages/{pair}")
        with app.app_context(), transaction() as session:
            member = session.query(ConversationMember).filter_by(conversation_id=pair, user_id=bob.id).one()
            session.delete(member)
        ann.post("/messages/new", to="bob", body="For the new bob.")
        page = bob.page(f"/messages/{pair}")
        assert "For the new bob." in page and "For the old bob." not in page


class TestMuting:
    def test_a_muted_conversation_is_not_counted(self, ann, bob):
        pair = write(ann, "bob")
        bob.post(f"/messages/{pair}/mute", value="1")
        assert unread(bob) == 0
        ann.post(f"/messages/{pair}", body="Are you asleep?")
        assert unread(bob) == 0
        inbox = bob.page("/messages")
        assert "Muted" in inbox and "2 new" in inbox
        bob.post(f"/messages/{pair}/mute", value="0")
        bob.post(f"/messages/{pair}/mute", value="0")
        assert unread(bob) == 2

    def test_reading_a_muted_conversation_changes_no_count(self, ann, bob, cho):
        pair = write(ann, "bob")
        write(cho, "bob")
        bob.post(f"/messages/{pair}/mute", value="1")
        bob.page(f"/messages/{pair}")
        assert unread(bob) == 1
        bob.post(f"/messages/{pair}/mute", value="0")
        assert unread(bob) == 1


class TestBlocking:
    def test_a_blocked_person_cannot_write(self, ann, bob):
        pair = write(eve := bob, "ann", "Buy a watch!")
        assert "Block bob?" in ann.page("/messages/blocks/bob")
        block(ann, "bob")
        assert unread(ann) == 0
        for path in ("/messages/new", f"/messages/{pair}"):
            response = eve.post(path, to="ann", body="Buy two watches!")
            assert response.status_code == 422
            assert "You cannot send messages to ann." in response.text and "Buy two watches!" in response.text
            response = ann.post(path, to="bob", body="And another thing!")
            assert response.status_code == 422 and "You have blocked bob." in response.text
        assert "blocked" not in eve.page(f"/messages/{pair}").lower(), "a block is not revealed"

    def test_unblocking_restores_the_unread_count(self, ann, bob):
        pair = write(bob, "ann", "Buy a watch!")
        block(ann, "bob")
        block(ann, "bob")
        assert "bob" in ann.page("/messages/blocks")
        assert ann.post("/messages/blocks/bob/delete").status_code == 302
        assert unread(ann) == 1, "the message is still unread"
        assert "You have not blocked anyone" in ann.page("/messages/blocks")
        assert bob.post(f"/messages/{pair}", body="Sorry for that.").status_code == 302
        assert ann.post("/messages/blocks/bob/delete").status_code == 302

    def test_blocking_in_a_group_collapses_messages_and_does_not_count_them(self, ann, bob, cho):
        group = write(cho, "ann bob", "Let us talk.")
        bob.post(f"/messages/{group}", body="Buy a watch!")
        assert unread(ann) == 2
        block(ann, "bob")
        assert unread(ann) == 1
        bob.post(f"/messages/{group}", body="Buy two watches!")
        assert unread(ann) == 1
        assert unread(cho) == 2
        assert "Buy two watches!" not in ann.page("/messages")
        page = ann.page(f"/messages/{group}")
        assert page.count(">Message from someone you have blocked</summary>") == 2
        assert ">A message of somebody" not in cho.page(f"/messages/{group}")
        bob.post(f"/messages/{group}", body="Buy three watches!")
        ann.post("/messages/blocks/bob/delete")
        assert unread(ann) == 1

    def test_nobody_can_block_themselves_staff_or_unknown_people(self, ann, dan):
        for name in ("ann", "dan"):
            assert ann.post(f"/messages/blocks/{name}").status_code == 403
            assert ann.get(f"/messages/blocks/{name}").status_code == 403
        assert ann.post("/messages/blocks/nobody-here").status_code == 404
        assert ann.post("/messages/blocks/nobody-here/delete").status_code == 404

    def test_a_block_ends_when_the_blocked_account_is_deleted(self, app, ann, bob, cho):
        group = write(bob, "ann cho", "Buy a watch!")
        block(ann, "bob")
        assert unread(ann) == 0
        with app.app_context(), transaction():
            leave_all_conversations(bob.id, now=now())
        assert unread(ann) == 1
        assert ">A message of somebody" not in ann.page(f"/messages/{group}")


class TestReporting:
    def _message_id(self, person, conversation: int) -> str:
        return re.search(r'id="message-(\d+)"', person.page(f"/messages/{conversation}"))[1]

    def test_a_report_shows_moderators_only_that_message(self, ann, bob, dan, eve):
        pair = write(ann, "bob", "A private matter.")
        bob.post(f"/messages/{pair}", body="Something quite nasty.")
        path = f"/messages/{pair}/{self._message_id(ann, pair)}/report"
        assert "Something quite nasty." in ann.page(path)
        for _time in range(2):
            assert "Thank you." in ann.follow(ann.post(path, reason="It is nasty."))
        page = dan.page("/messages/reports")
        assert page.count("Something quite nasty.") == 1 and "It is nasty." in page
        assert "A private matter." not in page
        assert "/messages/reports" in dan.page("/messages") and "/messages/reports" not in ann.page("/messages")
        for person in (ann, bob, eve):
            person.page("/messages/reports", 404)
        for person in (ann, bob):
            person.post(f"/messages/{pair}/leave")
        assert "Something quite nasty." in dan.page("/messages/reports"), "also when the conversation is deleted"

    def test_a_report_needs_a_reason_and_somebody_elses_message(self, ann, bob):
        pair = write(ann, "bob")
        path = f"/messages/{pair}/{self._message_id(ann, pair)}/report"
        assert bob.post(path, reason=" ").status_code == 422
        response = bob.post(path, reason="x" * 501)
        assert response.status_code == 422 and "x" * 501 in response.text
        assert ann.post(path, reason="It is mine.").status_code == 403
        assert ann.get(path).status_code == 403
        assert bob.post(f"/messages/{pair}/99999/report", reason="Which one?").status_code == 404

    def test_the_report_list_can_be_empty(self, dan):
        assert "No reported messages" in dan.page("/messages/reports")


def test_the_archive_has_the_messages_that_one_can_read(app, ann, bob, cho):
    pair = write(ann, "bob", "My own words.")
    bob.post(f"/messages/{pair}", body="The words of bob.")
    write(bob, "cho", "Words that are not for ann.")
    group = write(cho, "ann bob", "In the group that is left.")
    ann.post(f"/messages/{group}", body="My words in the group.")
    ann.post(f"/messages/{group}/leave")
    ann.post("/messages/blocks/cho")
    ann.post("/settings/leave/export")
    run_jobs(app)
    archive = _archive(ann)
    messages = {(row["author"], row["body"]) for row in _rows(archive, "messages.json")}
    assert messages == {("ann", "My own words."), ("bob", "The words of bob."), ("ann", "My words in the group.")}
    assert {row["id"] for row in _rows(archive, "conversations.json")} == {pair, group}
    assert [row["username"] for row in _rows(archive, "blocks.json")] == ["cho"]


def test_messages_of_a_deleted_account_stay(app, ann, bob, cho):
    group = write(bob, "ann cho", "The words of bob.")
    pair = write(ann, "bob", "Unread for ever.")
    bob.post("/settings/leave/delete", current_password=PASSWORD)
    with app.app_context():
        members = db.session.query(ConversationMember).filter_by(user_id=bob.id)
        assert all(member.left_at and not member.unread_count for member in members)
    page = ann.page(f"/messages/{group}")
    assert "The words of bob." in page and "deleted user" in page
    ann.page(f"/messages/{pair}")
    ann.post(f"/messages/{group}", body="Only cho is here now.")
    assert unread(cho) == 2


@pytest.mark.parametrize("number", ["0", "99999999", str(2**63 - 1), str(2**63), "9" * 40])
def test_unknown_ids_are_not_found(ann, number):
    for path in ("", "/new", "/leave", "/1/report"):
        ann.page(f"/messages/{number}{path}", 404)
    assert ann.post(f"/messages/{number}", body="Hello?").status_code in (404, 405)


def test_the_counter_check_finds_wrong_unread_counts(app, ann, bob):
    write(ann, "bob")
    with app.app_context(), transaction() as session:
        member = session.query(ConversationMember).filter_by(user_id=bob.id).one()
        member.unread_count = 7
    with app.app_context():
        assert [(one.table, one.column, one.counted) for one in differences()] == [
            ("conversation_members", "unread_count", 1),
            ("users", "unread_message_count", 7),
        ]
    with app.app_context(), transaction() as session:
        session.query(ConversationMember).filter_by(user_id=bob.id).one().unread_count = 1
