"""Revisions of posts, assembled from the rows of PostHistory.xml."""

from madang.importing.operations.history import (
    CLOSE_REASON_OF_CODE,
    CLOSED,
    DEFAULT_CLOSE_REASON,
    History,
    Text,
    histories_by_post,
)
from madang.importing.operations.rows import Row
from madang.posts.models import CLOSE_REASONS, SUMMARY_MAX, TAGS_MAX, TITLE_COLUMN_LENGTH
from tests.importing.sessions import MOMENT, dump_row

from .conftest import TIME

FIRST_TITLE, FIRST_BODY, FIRST_TAGS = 1, 2, 3
TITLE_EDIT, BODY_EDIT, TAGS_EDIT = 4, 5, 6
TITLE_ROLLBACK, BODY_ROLLBACK, TAGS_ROLLBACK = 7, 8, 9


def change(number: int, kind: int, text: str = "", action: str = "", post: int = 1, **values: object) -> Row:
    defaults = {"PostId": post, "PostHistoryTypeId": kind, "CreationDate": TIME, "Text": text, "RevisionGUID": action}
    return dump_row(Id=number, **{**defaults, **values})


def texts_of(*rows: Row) -> list[Text]:
    return histories_by_post(rows)["1"].texts


def words(text: Text) -> tuple[str | None, str | None, list[str] | None]:
    return text.title, text.body, text.tags


def test_the_rows_of_one_action_are_one_text():
    rows = [
        change(1, FIRST_TITLE, "How?", "first"),
        change(2, FIRST_BODY, "I wonder.", "first"),
        change(3, FIRST_TAGS, "<hops>", "first"),
    ]
    assert [words(text) for text in texts_of(*rows)] == [("How?", "I wonder.", ["hops"])]


def test_fields_that_an_action_does_not_change_are_copied():
    rows = [
        change(1, FIRST_TITLE, "How?", "first"),
        change(2, FIRST_BODY, "I wonder.", "first"),
        change(3, BODY_EDIT, "I still wonder.", "second"),
        change(4, TAGS_EDIT, "<hops><malt>", "third"),
    ]
    assert [words(text) for text in texts_of(*rows)] == [
        ("How?", "I wonder.", None),
        ("How?", "I still wonder.", None),
        ("How?", "I still wonder.", ["hops", "malt"]),
    ]


def test_a_rollback_is_an_edit():
    rows = [
        change(1, FIRST_BODY, "First.", "a"),
        change(2, BODY_EDIT, "Second.", "b"),
        change(3, BODY_ROLLBACK, "First.", "c"),
    ]
    assert [text.body for text in texts_of(*rows)] == ["First.", "Second.", "First."]


def test_each_row_without_an_action_is_a_separate_action():
    rows = [change(1, FIRST_BODY, "First."), change(2, BODY_EDIT, "Second.")]
    assert [text.body for text in texts_of(*rows)] == ["First.", "Second."]


def test_a_text_has_the_author_the_time_and_the_first_comment_of_its_action():
    rows = [
        change(1, TITLE_EDIT, "How?", "a", UserId=7, Comment=""),
        change(2, BODY_EDIT, "I wonder.", "a", UserId=7, Comment="better words"),
        change(3, TAGS_EDIT, "<hops>", "a", UserId=7, Comment="more tags"),
    ]
    (text,) = texts_of(*rows)
    assert (text.author, text.created_at, text.summary) == ("7", MOMENT, "better words")


def test_a_deleted_author_has_no_id():
    (text,) = texts_of(change(1, FIRST_BODY, "First."))
    assert text.author is None


def test_texts_are_cut_to_what_the_columns_hold():
    rows = [
        change(1, FIRST_TITLE, "t" * (TITLE_COLUMN_LENGTH + 9), "a", Comment="c" * (SUMMARY_MAX + 9)),
        change(2, FIRST_TAGS, "".join(f"<t{number}>" for number in range(TAGS_MAX + 3)), "a"),
    ]
    (text,) = texts_of(*rows)
    assert (len(text.title), len(text.summary), len(text.tags)) == (TITLE_COLUMN_LENGTH, SUMMARY_MAX, TAGS_MAX)


def test_each_post_has_the_rows_that_name_it():
    grouped = histories_by_post([change(1, FIRST_BODY, "Of one.", post=1), change(2, FIRST_BODY, "Of two.", post=2)])
    assert {post: history.body for post, history in grouped.items()} == {"1": "Of one.", "2": "Of two."}


def test_a_history_without_texts_has_no_body():
    assert histories_by_post([change(1, CLOSED, Comment="103")])["1"].body is None
    assert History([]).body is None


def test_the_last_closing_gives_the_reason():
    rows = [change(1, CLOSED, Comment="101"), change(2, CLOSED, Comment="103")]
    assert histories_by_post(rows)["1"].close_reason == "unclear"


def test_an_unknown_close_reason_becomes_the_default():
    assert histories_by_post([change(1, CLOSED, Comment="999")])["1"].close_reason == DEFAULT_CLOSE_REASON
    assert histories_by_post([change(1, FIRST_BODY, "First.")])["1"].close_reason == DEFAULT_CLOSE_REASON


def test_every_code_maps_to_a_valid_close_reason():
    assert set(CLOSE_REASON_OF_CODE.values()) | {DEFAULT_CLOSE_REASON} <= set(CLOSE_REASONS)
