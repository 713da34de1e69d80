"""What a post's words must be."""

import pytest

from madang.core.errors import InvalidInput
from madang.core.markdown.renderer import MAX_BODY
from madang.posts.models import BODY_MIN, TITLE_MAX, TITLE_MIN
from madang.posts.operations.checks import check_words, require_picture

pytestmark = pytest.mark.usefixtures("english")
TITLE, BODY = "How do I move a yard?", "I tried the obvious things."


def errors(kind: str = "question", **words: str) -> dict[str, str]:
    """What is said at each field."""
    try:
        check_words(kind, **{"title": TITLE, "body": BODY, "tags": "", **words})
    except InvalidInput as refused:
        return refused.fields
    return {}


def test_words_come_back_clean():
    title, body, tags = check_words(
        "question", title="  How\tdo I?\u202e ", body=f"\n{BODY}\r\n", tags="#Flask, flask sqlite"
    )
    assert (title, body, tags) == ("How do I?", BODY, ["flask", "sqlite"])


def test_an_answer_has_neither_title_nor_tags():
    assert check_words("answer", title="ignored", body=BODY, tags="???") == ("", BODY, [])


@pytest.mark.parametrize("kind", ["question", "talk", "notice", "gallery"])
@pytest.mark.parametrize(
    ("length", "is_right"), [(TITLE_MIN - 1, False), (TITLE_MIN, True), (TITLE_MAX, True), (TITLE_MAX + 1, False)]
)
def test_a_title_has_a_length(kind, length, is_right):
    told = {} if is_right else {"title": "A title has 5 to 150 characters."}
    assert errors(kind, title="가" * length) == told


@pytest.mark.parametrize(("kind", "least"), BODY_MIN.items())
def test_a_body_has_a_least_length_by_the_kind_of_post(kind, least):
    sentence = f"Please write a little more: at least {least} characters."
    assert errors(kind, body="가" * least) == {}
    assert errors(kind, body="가" * (least - 1)) == {"body": sentence}
    assert errors(kind, body="가" * (least - 1) + " \n ") == {"body": sentence}, "spaces do not count"


def test_a_body_has_a_greatest_length_and_the_refusal_says_how_long_it_is():
    assert errors(body="x" * MAX_BODY) == {}
    (sentence,) = errors(body="x" * (MAX_BODY + 1)).values()
    assert str(MAX_BODY) in sentence and str(MAX_BODY + 1) in sentence


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        ("a b c d e f", "A post has up to 5 tags. Please take some away."),
        ("?!", "“?!” cannot be a tag: a tag has up to 30 letters, digits and + # . -"),
        ("x" * 31, f"“{'x' * 31}” cannot be a tag: a tag has up to 30 letters, digits and + # . -"),
    ],
)
def test_tags_are_few_and_short(tags, sentence):
    assert errors(tags=tags) == {"tags": sentence}


def test_everything_that_is_wrong_is_said_at_once():
    assert errors(title="x", body="x", tags="?!").keys() == {"title", "body", "tags"}


@pytest.mark.parametrize(
    ("kind", "html", "is_right"),
    [
        ("gallery", '<p><img src="/files/a.png"></p>', True),
        ("gallery", "<p>Only words.</p>", False),
        ("gallery", "<p>&lt;img src&gt;</p>", False),
        ("talk", "<p>Only words.</p>", True),
    ],
)
def test_a_post_of_a_gallery_shows_a_picture(kind, html, is_right):
    if is_right:
        require_picture(kind, html)
    else:
        with pytest.raises(InvalidInput) as refused:
            require_picture(kind, html)
        assert refused.value.fields.keys() == {"body"}
