"""Korean says much in two letters: least lengths of titles, questions, answers and comments, which are settings."""

import pytest

from tests.api.programs import program_of
from tests.people import BODY


@pytest.mark.parametrize(
    ("field", "enough", "little"),
    [("title", "질문", "질"), ("body", "어떻게 하면 되나요 다들", "어떻게 하면 되나요 a")],
)
def test_a_question_of_few_letters(ann, field, enough, little):
    question = {"board": "qa", "title": "질문", "body": BODY}
    assert ann.post("/posts/new", **question | {field: enough}).status_code == 302
    assert ann.post("/posts/new", **question | {field: little}).status_code == 422
    assert program_of(ann).post("/posts", question | {field: little}).status_code == 422


@pytest.mark.parametrize("place", ["answers", "comments"])
@pytest.mark.parametrize(
    ("text", "status"), [("네", 422), ("네 \u200b&nbsp;", 422), ("넵!", 302), ("**넵**", 422), ("ㅇㅇ", 302)]
)
def test_an_answer_and_a_comment_of_two_letters(ann, bob, place, text, status):
    question = ann.ask()
    assert bob.post(f"/posts/{question}/{place}", body=text).status_code == status
    assert program_of(bob).post(f"/posts/{question}/{place}", {"body": text}).status_code in (
        {422} if status == 422 else {200, 201}
    )


def test_least_lengths_are_settings(app, ann, bob, monkeypatch):
    question = ann.ask()
    for name in ("TITLE_MIN", "QUESTION_MIN", "ANSWER_MIN", "COMMENT_MIN"):
        monkeypatch.setitem(app.config, name, 40)
    text = "a " * 39
    assert "Titles have 40 to 150 characters." in ann.post("/posts/new", board="talk", title=text, body="a").text
    for path, fields in (
        ("/posts/new", {"board": "qa", "title": "a" * 40, "body": text}),
        (f"/posts/{question}/answers", {"body": text}),
        (f"/posts/{question}/comments", {"body": text}),
    ):
        assert "at least 40 characters" in ann.post(path, **fields).text, path
        assert ann.post(path, **fields | {"body": text + "b"}).status_code == 302, path
