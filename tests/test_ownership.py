"""What belongs to a person: every column is declared, and the declarations do what they say."""

import json
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, select

from madang.accounts.models import AccessToken, LoginSession
from madang.accounts.operations.guests import delete_guest, make_guest
from madang.core import ownership
from madang.core.clock import now
from madang.core.db import Base, db, transaction
from madang.core.ownership import (
    BY_FOREIGN_KEY,
    DELETE_ROWS,
    Drop,
    Move,
    NoRowsOfGuests,
    NotExported,
    Owned,
    Query,
    Rows,
    Stays,
)
from madang.messages.models import ConversationMember
from madang.notifications.models.tables import Notification
from madang.posts.models import Attachment
from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import wrong_counts

from .owned_rows import count_rows, declared, insert_row, name_of, table_of, write_rows

pytestmark = pytest.mark.each_database

NOT_OF_PEOPLE = {  # columns of ids without a foreign key: why they hold no person's id
    "conversation_members.last_read_message_id": "a message",
    "conversation_members.starts_after_id": "a message",
    "conversations.last_message_id": "a message",
    "feed_entries.post_id": "a post",
    "imported_rows.external_id": "the id on another site",
    "jobs.request_id": "the random id of a request",
    "notifications.post_id": "a post",
    "post_tags.board_id": "a board",
    "posts.accepted_answer_id": "a post",
    "stream_heads.last_id": "a notification",
    "todos.link_id": "a post or comment",
}
SECRET = re.compile("hash|fingerprint|token|secret|result_file")


def columns_of_people(metadata: MetaData) -> set[str]:
    """Columns that refer to `users`, and columns of ids that refer to nothing and may hold a person's."""
    found = set()
    for table in metadata.sorted_tables:
        for column in table.columns:
            targets = {key.column.table.name for key in column.foreign_keys}
            if "users" in targets or (column.name.endswith("_id") and not targets):
                found.add(f"{table.name}.{column.name}")
    return found - set(NOT_OF_PEOPLE)


def undeclared(metadata: MetaData) -> set[str]:
    return columns_of_people(metadata) - {name_of(owned) for owned in declared()}


def test_every_column_of_people_is_declared_once():
    names = [name_of(owned) for owned in declared()]
    assert undeclared(Base.metadata) == set(), (
        "declare it in the ownership.py of its slice, or, if it holds no person's id, add it to NOT_OF_PEOPLE above"
    )
    assert sorted(set(names)) == sorted(names), "declared twice"
    assert set(names) == columns_of_people(Base.metadata)
    assert set(NOT_OF_PEOPLE) <= {f"{column.table.name}.{column.name}" for column in _all_columns()}


def _all_columns() -> list[Column]:
    return [column for table in Base.metadata.sorted_tables for column in table.columns]


@pytest.mark.parametrize("column", [Column("user_id", ForeignKey("users.id")), Column("voter_id", Integer)])
def test_a_new_table_must_be_declared(column):
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer, primary_key=True))
    Table("game_moves", metadata, column, Column("choice", String(10)))
    assert undeclared(metadata) == {f"game_moves.{column.name}"}


def test_the_declarations_run_in_the_order_of_the_slices(app):
    assert list(ownership.declarations()) == declared()


@pytest.mark.parametrize("owned", declared(), ids=name_of)
def test_every_exception_has_a_reason(owned):
    rules = (owned.export, owned.on_merge, owned.on_delete, owned.on_guest_delete)
    reasons = [rule.reason for rule in rules if isinstance(rule, NotExported | Drop | Stays | NoRowsOfGuests)]
    assert all(re.fullmatch("[A-Z].{12,}[.]", reason) for reason in reasons), "a reason is a sentence"


@pytest.mark.parametrize("owned", declared(), ids=name_of)
def test_a_guest_can_be_deleted(owned):
    """Each column is emptied with the guest's row, or by a function, or cannot hold a guest."""
    if owned.on_guest_delete == BY_FOREIGN_KEY:
        (key,) = table_of(owned).c[owned.column.key].foreign_keys
        assert key.ondelete in ("CASCADE", "SET NULL")


@pytest.mark.parametrize("owned", declared(), ids=name_of)
def test_secrets_are_not_exported(owned):
    if isinstance(owned.export, Rows):
        assert [column.key for column in owned.export.columns if SECRET.search(column.key)] == []


def exported_files() -> list[str]:
    """The names of the files of all declarations, each export once."""
    exports = [
        rule for owned in declared() for rule in (owned.export if isinstance(owned.export, tuple) else [owned.export])
    ]
    return [export.file for export in dict.fromkeys(exports) if isinstance(export, Rows | Query)]


def test_each_file_is_written_once():
    files = exported_files()
    assert sorted(set(files)) == sorted(files)


def _rows_left(app, owned: Owned, user_id: int) -> int:
    """The rows of a person, without those by which open pages learn that the session has ended."""
    if owned.column is not Notification.user_id:
        return count_rows(app, owned, user_id)
    with app.app_context():
        names = db.session.scalars(select(Notification.name).where(Notification.user_id == user_id))
        return len([name for name in names if name != "session_ended"])


def test_merging_leaves_no_rows_but_those_that_stay(app, people, root, ann):
    dan = write_rows(app, people)
    assert root.post(f"/admin/users/{dan.id}/merge", into="ann").status_code == 302
    left = {name_of(owned) for owned in declared() if _rows_left(app, owned, dan.id)}
    assert left == {name_of(owned) for owned in declared() if isinstance(owned.on_merge, Stays)}
    for owned in declared():
        if isinstance(owned.on_merge, Move):
            assert count_rows(app, owned, ann.id), name_of(owned)
    assert wrong_counts(app) == []


def test_the_archive_has_every_declared_file_with_rows(app, people):
    dan = write_rows(app, people)
    dan.post("/settings/leave/export")
    run_jobs(app)
    path = re.search(r'href="(/jobs/\d+/download)"', dan.page("/settings/leave"))[1]
    archive = ZipFile(BytesIO(dan.get(path).data))
    files = set(exported_files())
    assert {name for name in archive.namelist() if name.endswith(".json")} == {"profile.json", *files}
    assert [name for name in files if not json.loads(archive.read(name))] == [], "files without rows"
    with app.app_context():
        pictures = set(db.session.scalars(select(Attachment.name).where(Attachment.owner_id == dan.id)))
        hashes = (AccessToken.token_hash, LoginSession.token_hash)
        secrets = [secret for column in hashes for secret in db.session.scalars(select(column))]
    assert {f"files/{name}" for name in pictures} <= set(archive.namelist())
    text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".json"))
    assert [secret for secret in secrets if secret in text] == []
    assert "What do I own?" in text and "What does dan really own?" in text, "also what he wrote into posts of others"
    assert "And what do I own?" not in archive.read("posts.json").decode()


def test_deleting_an_account_keeps_what_stays(app, people, root):
    dan = write_rows(app, people)
    before = {name_of(owned): count_rows(app, owned, dan.id) for owned in declared()}
    fields = {"reason": "Sells watches", "content": "keep"}
    assert root.post(f"/admin/users/{dan.id}/delete", **fields).status_code == 302
    run_jobs(app)
    for owned in declared():
        left = _rows_left(app, owned, dan.id)
        if isinstance(owned.on_delete, Stays):
            assert left >= before[name_of(owned)], name_of(owned)
        elif owned.column is ConversationMember.user_id:  # the others see that the person has left
            with app.app_context():
                assert not db.session.scalar(select(ConversationMember.id).where(*_is_member(dan.id)))
        else:
            assert left == 0, name_of(owned)
    assert any(owned.on_delete == DELETE_ROWS for owned in declared())
    assert wrong_counts(app) == []


def _is_member(user_id: int):
    return ConversationMember.user_id == user_id, ConversationMember.left_at.is_(None)


def test_deleting_an_account_with_its_content_leaves_nothing_to_remove(app, people, root):
    dan = write_rows(app, people)
    with app.app_context():
        assert all(removal.count(dan.id) for removal in ownership.removals())
    fields = {"reason": "Sells watches", "content": "remove"}
    assert root.post(f"/admin/users/{dan.id}/delete", **fields).status_code == 302
    run_jobs(app)
    with app.app_context():
        assert {removal.name: removal.count(dan.id) for removal in ownership.removals() if removal.count(dan.id)} == {}
    assert wrong_counts(app) == []


def test_deleting_a_guest_leaves_no_rows(app, ann, bob):
    ann.post("/messages/new", to="bob", body="A conversation for the rows.")
    ann.post("/todos", title="A list for the rows")
    with app.app_context(), transaction():
        guest_id = make_guest(now=now(), locale="en").id
    owned_by_guests = [owned for owned in declared() if not isinstance(owned.on_guest_delete, NoRowsOfGuests)]
    for owned in owned_by_guests:
        insert_row(app, owned, guest_id, other_id=bob.id)
    with app.app_context(), transaction():
        assert delete_guest(guest_id)
    assert [name_of(owned) for owned in owned_by_guests if _rows_left(app, owned, guest_id)] == []
