"""Validation of a post's title, body and tags."""

import pytest

from madang.core.errors import InvalidInput
from madang.core.markdown.renderer import MAX_BODY
from madang.posts.models import TITLE_MAX
from madang.posts.operations.validation import check_post, require_picture

pytestmark = pytest.mark.usefixtures("english", "context")
TITLE_MIN, BODY_MIN = 2, {"question": 10, "answer": 2, "talk": 1, "notice": 1, "gallery": 1}
TITLE, BODY = "How do I move a yard?", "I tried the obvious things."


@pytest.fixture
def context(app):
    """The settings of the site, which have the least lengths."""
    with app.app_context():
        yield


def errors(kind: str = "question", **words: str) -> dict[str, str]:
    """The error message of each field."""
    try:
        check_post(kind, **{"title": TITLE, "body": BODY, "tags": "", "uses_math": False, **words})
    except InvalidInput as error:
        return error.fields
    return {}


def test_title_body_and_tags_are_cleaned():
    title, body, tags = "  How\tdo I?\u202e ", f"\n{BODY}\r\n", "#Flask, flask sqlite"
    post = check_post("question", title=title, body=body, tags=tags, uses_math=False)
    assert post == ("How do I?", BODY, f"<p>{BODY}</p>\n", ["flask", "sqlite"])


def test_an_answer_has_neither_title_nor_tags():
    post = check_post("answer", title="ignored", body=BODY, tags="???", uses_math=False)
    assert post == ("", BODY, f"<p>{BODY}</p>\n", [])


@pytest.mark.parametrize("kind", ["question", "talk", "notice", "gallery"])
@pytest.mark.parametrize(
    ("length", "is_valid"), [(TITLE_MIN - 1, False), (TITLE_MIN, True), (TITLE_MAX, True), (TITLE_MAX + 1, False)]
)
def test_the_length_of_a_title_is_limited(kind, length, is_valid):
    expected = {} if is_valid else {"title": "Titles have 2 to 150 characters."}
    assert errors(kind, title="가" * length) == expected


@pytest.mark.parametrize(("kind", "minimum"), BODY_MIN.items())
def test_the_minimum_length_of_a_body_depends_on_the_kind_of_post(kind, minimum):
    message = f"Please write a little more: at least {minimum} character{'' if minimum == 1 else 's'}."
    assert errors(kind, body="가" * minimum) == {}
    assert errors(kind, body="가" * (minimum - 1)) == {"body": message}
    assert errors(kind, body="가" * (minimum - 1) + " \n ") == {"body": message}, "spaces do not count"


def test_a_body_above_the_maximum_length_is_refused_with_its_length():
    assert errors(body="x" * MAX_BODY) == {}
    (message,) = errors(body="x" * (MAX_BODY + 1)).values()
    assert str(MAX_BODY) in message and str(MAX_BODY + 1) in message


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ("a b c d e f", "A post can have up to 5 tags. Please remove some."),
        ("?!", "“?!” cannot be a tag. Tags have up to 50 letters, digits and + # . -"),
        ("x" * 51, f"“{'x' * 40}” cannot be a tag. Tags have up to 50 letters, digits and + # . -"),
    ],
)
def test_the_number_and_length_of_tags_are_limited(tags, message):
    assert errors(tags=tags) == {"tags": message}


def test_all_wrong_fields_are_reported_at_once():
    assert errors(title="x", body="x", tags="?!").keys() == {"title", "body", "tags"}


@pytest.mark.parametrize(
    ("kind", "html", "is_valid"),
    [
        ("gallery", '<p><img src="/files/a.png"></p>', True),
        ("gallery", "<p>Only words.</p>", False),
        ("gallery", "<p>&lt;img src&gt;</p>", False),
        ("talk", "<p>Only words.</p>", True),
    ],
)
def test_a_gallery_post_needs_a_picture(kind, html, is_valid):
    if is_valid:
        require_picture(kind, html)
    else:
        with pytest.raises(InvalidInput) as error:
            require_picture(kind, html)
        assert error.value.fields.keys() == {"body"}
