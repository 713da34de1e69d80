"""The texts of a post, put together from the rows of a dump's history."""

from madang.importing.operations.history import CLOSED, REASON_OF, USUAL_REASON, History, Text, histories
from madang.importing.operations.rows import Row
from madang.posts.models import CLOSE_REASONS, SUMMARY_MAX, TAGS_MAX, TITLE_KEPT

from .conftest import TIME
from .runs import MOMENT, dump_row

FIRST_TITLE, FIRST_BODY, FIRST_TAGS = 1, 2, 3
TITLE_EDIT, BODY_EDIT, TAGS_EDIT = 4, 5, 6
TITLE_ROLLBACK, BODY_ROLLBACK, TAGS_ROLLBACK = 7, 8, 9


def change(number: int, kind: int, text: str = "", action: str = "", post: int = 1, **values: object) -> Row:
    usual = {"PostId": post, "PostHistoryTypeId": kind, "CreationDate": TIME, "Text": text, "RevisionGUID": action}
    return dump_row(Id=number, **{**usual, **values})


def texts_of(*rows: Row) -> list[Text]:
    return histories(rows)["1"].texts


def words(text: Text) -> tuple[str | None, str | None, list[str] | None]:
    return text.title, text.body, text.tags


def test_the_rows_of_one_action_are_one_text():
    rows = [
        change(1, FIRST_TITLE, "How?", "first"),
        change(2, FIRST_BODY, "I wonder.", "first"),
        change(3, FIRST_TAGS, "<hops>", "first"),
    ]
    assert [words(text) for text in texts_of(*rows)] == [("How?", "I wonder.", ["hops"])]


def test_what_an_action_does_not_touch_stays_as_it_was():
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


def test_rows_without_an_action_are_actions_of_their_own():
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


def test_an_author_who_has_left_has_no_number():
    (text,) = texts_of(change(1, FIRST_BODY, "First."))
    assert text.author is None


def test_texts_are_cut_to_what_the_columns_hold():
    rows = [
        change(1, FIRST_TITLE, "t" * (TITLE_KEPT + 9), "a", Comment="c" * (SUMMARY_MAX + 9)),
        change(2, FIRST_TAGS, "".join(f"<t{number}>" for number in range(TAGS_MAX + 3)), "a"),
    ]
    (text,) = texts_of(*rows)
    assert (len(text.title), len(text.summary), len(text.tags)) == (TITLE_KEPT, SUMMARY_MAX, TAGS_MAX)


def test_each_post_has_the_rows_that_name_it():
    found = histories([change(1, FIRST_BODY, "Of one.", post=1), change(2, FIRST_BODY, "Of two.", post=2)])
    assert {post: history.body for post, history in found.items()} == {"1": "Of one.", "2": "Of two."}


def test_a_history_without_texts_has_no_body():
    assert histories([change(1, CLOSED, Comment="103")])["1"].body is None
    assert History([]).body is None


def test_the_last_closing_gives_the_reason():
    rows = [change(1, CLOSED, Comment="101"), change(2, CLOSED, Comment="103")]
    assert histories(rows)["1"].close_reason == "unclear"


def test_a_reason_that_is_not_known_is_the_usual_one():
    assert histories([change(1, CLOSED, Comment="999")])["1"].close_reason == USUAL_REASON
    assert histories([change(1, FIRST_BODY, "First.")])["1"].close_reason == USUAL_REASON


def test_every_reason_of_elsewhere_is_one_that_is_used_here():
    assert set(REASON_OF.values()) | {USUAL_REASON} <= set(CLOSE_REASONS)
