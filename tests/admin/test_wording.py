"""Descriptions of staff log entries."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from madang.admin.sentences import kind_words, numbered_label, staff_action_details, subject_words, verb_words
from madang.slices import SLICES

pytestmark = pytest.mark.usefixtures("english")


@dataclass(frozen=True)
class LogRow:
    """The columns of a log row that descriptions read."""

    kind: str
    subject_id: int = 7
    payload: dict[str, object] = field(default_factory=dict)
    subject_username: str | None = None
    subject_display_name: str | None = None
    subject_deleted_at: datetime | None = None


def test_each_slice_describes_its_own_verbs(app):
    verbs = [verb for each in SLICES for verb in each.staff_verbs()]
    assert len(verbs) == len(set(verbs)) > 30
    assert [verb for verb in verbs if verb_words(verb) == verb or not verb_words(verb)] == []


def test_unknown_verbs_and_kinds_are_returned_unchanged():
    assert verb_words("paint_yard") == "paint_yard"
    assert kind_words("yard") == "yard"
    assert numbered_label("yard", 7) == "7"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (LogRow("user", subject_username="ann", subject_display_name="Ann Lee"), "Ann Lee"),
        (LogRow("user", subject_username="ann", subject_display_name=""), "ann"),
        (LogRow("user", subject_username="ann", subject_deleted_at=datetime(2026, 1, 1, tzinfo=UTC)), "Account no. 7"),
        (LogRow("user"), "Account no. 7"),
        (LogRow("board", payload={"name": "Garden"}), "Garden"),
        (LogRow("board"), "Board no. 7"),
        (LogRow("tag", payload={"name": "yard"}), "yard"),
        (LogRow("tag"), "Tag no. 7"),
        (LogRow("post", payload={"name": "A title that must not be said"}), "Post no. 7"),
        (LogRow("comment"), "Comment no. 7"),
    ],
)
def test_a_subject_is_shown_by_name_where_that_is_allowed(row, words):
    assert subject_words(row) == words


@pytest.mark.parametrize(
    ("verb", "payload", "words"),
    [
        ("rename_tag", {"former": "yrad", "name": "yard"}, "yrad → yard"),
        ("merge_tags", {"former": "court", "name": "yard"}, "court → yard"),
        ("add_synonym", {"synonym": "court", "name": "yard"}, "court → yard"),
        ("remove_synonym", {"synonym": "court", "name": "yard"}, "court → yard"),
        ("merge_accounts", {"gone_id": 8}, "with account no. 8"),
        ("delete_account", {"is_content_kept": True}, "posts and comments kept"),
        ("delete_account", {"is_content_kept": False}, "posts and comments deleted"),
        ("uphold_flags", {"flag_count": 1}, "1 flag"),
        ("decline_flags", {"flag_count": 3}, "3 flags"),
        ("make_password_link", {"is_mailed": True}, "sent by e-mail"),
        ("make_password_link", {"is_mailed": False}, "shown on the page"),
        ("edit_account", {"changed": ["role", "email"]}, "Role, E-mail address"),
        ("edit_board", {"changed": ["slug", "colour"]}, "Address, colour"),
        ("edit_account", {"changed": []}, ""),
        ("lock_post", {}, ""),
    ],
)
def test_the_details_of_an_action_are_described(verb, payload, words):
    assert staff_action_details(verb, payload) == words
