"""Authors, votes and history of a batch of posts, read from the other files of a dump."""

from collections.abc import Callable
from pathlib import Path

import pytest

from madang.importing.operations.first_pass import stage_history
from madang.importing.operations.history import DEFAULT_CLOSE_REASON
from madang.importing.operations.related_rows import RelatedRows, deleted_author_name
from madang.importing.operations.rows import Row
from madang.importing.operations.staging import Staging
from tests.importing.conftest import TIME, change
from tests.importing.sessions import MOMENT, dump_row, import_session, write_file

ANN, BOB = 101, 102  # their local ids
FIRST_TITLE, FIRST_BODY, BODY_EDIT, TITLE_EDIT, CLOSED = 1, 2, 5, 4, 10
Read = Callable[..., RelatedRows]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads the related rows of some posts from a dump with this history and these votes."""

    def related_rows(*rows: Row, history: tuple[str, ...] = (), votes: tuple[int, int] = (0, 0)) -> RelatedRows:
        write_file(tmp_path / "PostHistory.xml", *history)
        with Staging(Path(":memory:")) as staging:
            run, _problems = import_session(tmp_path, staging, people={"1": ANN, "2": BOB})
            staging.add_tallies({7: list(votes)})
            return RelatedRows(run, list(rows), stage_history(run))

    return related_rows


def post(**values: object) -> Row:
    return dump_row(**{"Id": 7, "CreationDate": TIME, "Body": "<p>From the page.</p>", "OwnerUserId": 1, **values})


@pytest.mark.parametrize(
    ("score", "votes", "expected"),
    [
        (3, (3, 0), (3, 3, 0)),
        (1, (3, 2), (1, 3, 2)),
        (5, (3, 0), (5, 5, 0)),
        (-2, (0, 2), (-2, 0, 2)),
        (-2, (0, 0), (-2, 0, 2)),
        (0, (0, 0), (0, 0, 0)),
        (2, (1, 1), (2, 2, 0)),
        (None, (4, 1), (3, 4, 1)),
    ],
)
def test_the_score_is_the_dumps_and_up_minus_down(read, score, votes, expected):
    row = post(**({} if score is None else {"Score": score}))
    columns = read(row, votes=votes).columns(row, uses_math=False)
    assert (columns["score"], columns["imported_up"], columns["imported_down"]) == expected
    assert columns["imported_up"] - columns["imported_down"] == columns["score"]


@pytest.mark.parametrize(
    ("values", "author_id", "author_name"),
    [
        ({"OwnerUserId": 1}, ANN, None),
        ({"OwnerUserId": 99}, None, "user99"),
        ({"OwnerUserId": 99, "OwnerDisplayName": "Eve  Lee"}, None, "Eve Lee"),
    ],
)
def test_an_author_is_an_account_or_a_name(read, values, author_id, author_name):
    row = post(**values)
    columns = read(row).columns(row, uses_math=False)
    assert (columns["author_id"], columns["author_name"]) == (author_id, author_name)


def test_a_deleted_author_without_a_name_is_named_by_id():
    assert deleted_author_name(dump_row(), "UserId", "UserDisplayName") == "user"
    assert deleted_author_name(dump_row(UserId=5, UserDisplayName=" "), "UserId", "UserDisplayName") == "user5"
    assert len(deleted_author_name(dump_row(UserDisplayName="x" * 500), "UserId", "UserDisplayName")) == 60


def test_the_body_is_the_newest_markdown_of_the_history(read):
    history = (change(1, 7, FIRST_BODY, "First.", "a"), change(2, 7, BODY_EDIT, "*Second*.", "b"))
    row = post()
    assert read(row, history=history).columns(row, uses_math=False)["body"] == "*Second*."


def test_the_body_is_converted_html_without_markdown_in_the_history(read):
    row = post(Body="<p>Made of <b>HTML</b>.</p>")
    assert read(row).columns(row, uses_math=False)["body"] == "Made of **HTML**."
    titled = read(row, history=(change(1, 7, FIRST_TITLE, "How?", "a"),))
    assert titled.columns(row, uses_math=False)["body"] == "Made of **HTML**."


def test_an_empty_markdown_is_the_body(read):
    row = post()
    assert read(row, history=(change(1, 7, FIRST_BODY, "", "a"),)).columns(row, uses_math=False)["body"] == ""


def test_missing_times_default_to_the_time_of_creation(read):
    row = post()
    columns = read(row).columns(row, uses_math=False)
    assert (columns["created_at"], columns["last_activity_at"]) == (MOMENT, MOMENT)
    assert (columns["edited_at"], columns["editor_id"]) == (None, None)


def test_the_version_counts_the_texts(read):
    row = post()
    history = (change(1, 7, FIRST_BODY, "First.", "a"), change(2, 7, BODY_EDIT, "Second.", "b"))
    assert read(row).columns(row, uses_math=False)["version"] == 1
    assert read(row, history=history[:1]).columns(row, uses_math=False)["version"] == 1
    assert read(row, history=history).columns(row, uses_math=False)["version"] == 2


def test_the_last_editor_is_imported(read):
    row = post(LastEditorUserId=2, LastEditDate=TIME)
    columns = read(row).columns(row, uses_math=False)
    assert (columns["editor_id"], columns["edited_at"]) == (BOB, MOMENT)


def test_the_reason_of_a_closing_comes_from_the_history(read):
    row = post()
    assert read(row).close_reason(row) == DEFAULT_CLOSE_REASON
    assert read(row, history=(change(1, 7, CLOSED, "", "a", Comment="103"),)).close_reason(row) == "unclear"


def revisions(related: RelatedRows, row: Row) -> list[dict]:
    words = {"title": "The title now", "body": "The body now", "tag_names": "hops"}
    return list(related._revisions(1, words, related._edits(row)))


def test_a_post_that_was_never_edited_has_no_revisions(read):
    row = post()
    assert revisions(read(row, history=(change(1, 7, FIRST_BODY, "First.", "a"),)), row) == []


def test_the_newest_revision_has_the_text_of_the_post(read):
    history = (
        change(1, 7, FIRST_TITLE, "The first title", "a", UserId=1),
        change(2, 7, FIRST_BODY, "The first body", "a", UserId=1),
        change(3, 7, BODY_EDIT, "The second body", "b", UserId=2, Comment="better"),
        change(4, 7, TITLE_EDIT, "The third title", "c", UserId=99),
    )
    row = post()
    edited = revisions(read(row, history=history), row)
    assert [(each["number"], each["title"], each["body"], each["author_id"]) for each in edited] == [
        (1, "The first title", "The first body", ANN),
        (2, "The first title", "The second body", BOB),
        (3, "The title now", "The body now", None),
    ]
    assert [each["summary"] for each in edited] == ["", "better", ""]
    assert {each["created_at"] for each in edited} == {MOMENT}


def test_fields_missing_in_the_history_are_taken_from_the_post(read):
    history = (change(1, 7, BODY_EDIT, "An older body", "a"), change(2, 7, BODY_EDIT, "The last body", "b"))
    row = post()
    older = revisions(read(row, history=history), row)[0]
    assert (older["title"], older["tag_names"], older["body"]) == ("The title now", "hops", "An older body")
