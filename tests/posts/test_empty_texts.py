"""Texts that print nothing are refused on pages and in the API, wherever one writes.

The texts themselves are in tests/core/markdown/test_visible.py.
"""

import pytest

from madang.moderation.models import NEEDS_NOTE
from tests.api.programs import program_of
from tests.people import BODY

SHOWN_IN_COMMENTS = ("<", "*")  # comments have neither HTML nor rules
NOTHING = (
    *("<details></details>", "&nbsp;" * 20, "[](http://a.kr/a-long-address)", "<!-- a long comment here -->", "*" * 15),
    *("\ufffc" * 20, "\ue000" * 20, "\u0378" * 20, "\ufffd" * 20),
    *("\u200b" * 20, "\u3164" * 20, "\u2800" * 20, "```\n\n```", "> \n> \n> \n> \n> \n>"),
)
BLANK_LINES = ("\u200b" * 9, "\u3164" * 9, "\u2800" * 9, "\ufe0f" * 9, "\u034f\u0301" * 9, "\u00ad" * 9, "\x90" * 9,
               "\ufffc" * 9, "\ue000" * 9, "\u0378" * 9)  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_no_post_answer_comment_or_message_shows_nothing(ann, bob, text):
    question, program = ann.ask(), program_of(bob)
    comment = bob.comment(question, "Which yard?")
    pages = (
        ("/posts/new", {"board": "talk", "title": "Something", "body": text}),
        ("/posts/new", {"board": "qa", "title": "Something", "body": text}),
        (f"/posts/{question}/answers", {"body": text}),
        (f"/posts/{question}/comments", {"body": text}),
        (f"/comments/{comment}/edit", {"body": text}),
        ("/messages/new", {"to": "ann", "body": text}),
    )
    routes = (
        ("POST", "/posts", {"board": "talk", "title": "Something", "body": text}),
        ("POST", f"/posts/{question}/answers", {"body": text}),
        ("POST", f"/posts/{question}/comments", {"body": text}),
        ("POST", "/conversations", {"to": ["ann"], "body": text}),
    )
    is_shown = text.startswith(SHOWN_IN_COMMENTS)
    for path, fields in pages:
        if not (is_shown and "comment" in path):
            assert bob.post(path, **fields).status_code == 422, path
    for method, path, fields in routes:
        if not (is_shown and "comment" in path):
            assert program.call(method, path, fields).status_code == 422, path
    assert ann.post(f"/posts/{question}/edit", title="Something", body=text, tags="", version=1).status_code == 422


@pytest.mark.parametrize("text", BLANK_LINES)
def test_no_title_name_or_note_prints_nothing(ann, bob, dan, ruth, text):
    question, program = ann.ask(), program_of(ann)
    assert ann.post("/posts/new", board="talk", title=text, body=BODY).status_code == 422
    assert program.post("/posts", {"board": "talk", "title": text, "body": BODY}).status_code == 422
    assert ann.post("/todos/lists", name=text).status_code == 422
    assert program.post("/todo-lists", {"name": text}).status_code == 422
    assert program.post("/todos", {"title": text}).status_code == 422
    assert bob.post(f"/posts/{question}/flags", reason=NEEDS_NOTE, note=text).status_code == 422
    assert ruth.post("/admin/boards/add", slug="board", kind="talk", name_en=text, name_ko=text).status_code == 422
    assert ann.post("/posts/new", board="talk", title="A poll", body=BODY, poll_question=text * 2,
                    poll_choices=f"{text}\n{text}x").status_code == 422  # fmt: skip
    ann.post("/settings", display_name=text, bio=text, website="", location=text)
    assert "<h1>ann</h1>" in ann.page("/users/ann")


def test_a_picture_alone_is_an_answer(ann, bob):
    assert bob.post(f"/posts/{ann.ask()}/answers", body="![](/files/a.png)").status_code == 302


def test_a_biography_or_description_that_shows_nothing_is_empty(ann, dan):
    ann.post("/settings", display_name="", bio="<details></details>", website="", location="")
    assert program_of(ann).read("/me")["bio"] == ""
    ann.ask(tags="yard")
    dan.post("/tags/yard/edit", excerpt="\u3164", description="&nbsp;\n\n***")
    tag = program_of(dan).read("/tags/yard")
    assert (tag["excerpt"], tag["description"]) == ("", "")


@pytest.mark.parametrize(
    ("title", "shown"),
    [("What\ufe0f now\u3164then", "What now then"), ("❤️ and 👩‍👩‍👧", "❤️ and 👩‍👩‍👧"), ("می‌خواهم بروم", "می‌خواهم بروم"),
     ("\u200bWhy\u00ad not\u2060 now", "Why not now"), ("葛\U000e0100飾区です", "葛\U000e0100飾区です")],
)  # fmt: skip
def test_a_title_keeps_only_what_its_letters_need(ann, title, shown):
    post = program_of(ann).post("/posts", {"board": "talk", "title": title, "body": BODY})
    assert post.json["title"] == shown
