"""Texts that would be slow or large to show are refused with a sentence, wherever one writes."""

import pytest

from tests.api.programs import program_of

TABLE = f"|{'1|' * 90}\n|{'-|' * 90}\n" + f"|{'1|' * 90}\n" * 70
LEVELS = ">" * 40 + " deep"
QUOTE = "A quote of quotes: " + "\n\n" + LEVELS
SENTENCES = {TABLE: "6,390 cells", QUOTE: "nested too deeply"}


@pytest.mark.parametrize("body", SENTENCES, ids=["table", "quotes"])
def test_pages_say_the_bound_and_keep_the_text(ann, bob, body):
    question = ann.ask(tags="yard")
    forms = {
        "/posts/new": {"board": "qa", "title": "How do I move a yard?", "body": body},
        f"/posts/{question}/edit": {"title": "How do I move a yard?", "body": body, "version": "1"},
        f"/posts/{question}/answers": {"body": body},
    }
    if body == QUOTE:  # a message is shorter than such a table
        forms["/messages/new"] = {"to": "bob", "body": body}
    for path, fields in forms.items():
        refused = ann.post(path, **fields)
        assert refused.status_code == 422, path
        assert SENTENCES[body] in refused.text, path
        assert body[-40:].replace(">", "&gt;") in refused.text, path
    preview = ann.htmx("/posts/preview", body=body)
    assert preview.status_code == 422
    assert SENTENCES[body] in preview.text


@pytest.mark.parametrize("body", SENTENCES, ids=["table", "quotes"])
def test_the_api_names_the_field(ann, bob, dan, body):
    question = ann.ask(tags="yard")
    program = program_of(ann)
    refused = {
        "body": [
            program.post("/posts", {"board": "qa", "title": "How do I move a yard?", "body": body}),
            program.post(f"/posts/{question}/answers", {"body": body}),
            program.post("/conversations", {"to": ["bob"], "body": body}),
            program.post("/preview", {"body": body}),
        ],
        "bio": [program.patch("/me", {"bio": LEVELS})],
        "description": [program_of(dan).patch("/tags/yard", {"description": LEVELS})],
    }
    for field, answers in refused.items():
        for answer in answers:
            assert (answer.status_code, set(answer.json["errors"])) == (422, {field}), answer.text


def test_a_comment_has_the_same_bounds(ann):
    question = ann.ask()
    refused = program_of(ann).post(f"/posts/{question}/comments", {"body": LEVELS})
    assert set(refused.json["errors"]) == {"body"}


def test_the_sentence_is_in_the_readers_language(cho):
    refused = cho.post("/posts/new", board="qa", title="표가 큰 질문입니다", body=TABLE)
    assert "칸이 6,390개 있어요" in refused.text
