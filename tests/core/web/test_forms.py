"""Refused forms: the first wrong field, in the order of the page, has the focus, also without a script."""

import re

import pytest

WRONG = re.compile(r"<(?:input|textarea|select)[^>]*(?:aria-invalid=\"true\"|-error\")[^>]*>")
NAME = re.compile(r' name="([^"]+)"')
REFUSED = {
    "the title stands above the text": ("ann", "/posts/new", {"board": "qa", "title": "", "body": ""}, "title"),
    "only the text": ("ann", "/posts/new", {"board": "qa", "title": "How do I move a yard?", "body": ""}, "body"),
    "the text stands above a poll": (
        "ann",
        "/posts/new",
        {"board": "talk", "title": "Tea or coffee?", "body": "", "poll_question": "Which?", "poll_choices": "One"},
        "body",
    ),
    "only a poll": (
        "ann",
        "/posts/new",
        {
            "board": "talk",
            "title": "Tea or coffee?",
            "body": "Tell me.",
            "poll_question": "Which one?",
            "poll_choices": "One",
        },
        "poll_choices",
    ),
    "an answer": ("bob", "/posts/{question}/answers", {"body": ""}, "body"),
    "a comment": ("bob", "/posts/{question}/comments", {"body": " "}, "body"),
    "a choice": ("bob", "/posts/{question}/flags", {"reason": ""}, "reason"),
    "a message": ("bob", "/messages/new", {"to": "nobody-of-this-name", "body": ""}, "to"),
    "an account": ("visitor", "/auth/signup", {"username": "new-name", "email": "no", "password": "short"}, "email"),
    "a password": ("ann", "/settings/account/password", {"current_password": "wrong"}, "current_password"),
    "a to-do": ("ann", "/todos", {"title": "Water", "due_date": "soon", "note": "n"}, "due_date"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_first_wrong_field_has_the_focus(ann, bob, visitor, name):
    who, path, fields, first = REFUSED[name]
    question = ann.ask()
    people = {"ann": ann, "bob": bob, "visitor": visitor}
    response = people[who].post(path.format(question=question), **fields)
    assert response.status_code == 422
    wrong = WRONG.findall(response.text)
    assert NAME.search(wrong[0])[1] == first
    assert ["autofocus" in field for field in wrong] == [True] + [False] * (len(wrong) - 1)
    assert response.text.count(" autofocus") == 1


@pytest.mark.parametrize(
    ("path", "field"),
    [("/auth/login", "username"), ("/auth/signup", "username"), ("/questions/ask", "title"), ("/posts/new", "title")],
)
def test_a_form_that_is_the_page_begins_at_its_field(ann, visitor, path, field):
    page = (visitor if path.startswith("/auth") else ann).page(path)
    focused = re.findall(r"<[^>]* autofocus[^>]*>", page)
    assert [NAME.search(tag)[1] for tag in focused] == [field]


def test_a_page_to_read_gives_the_focus_to_no_field(ann, bob):
    for path in (f"/posts/{ann.ask()}", "/", "/todos", "/settings/account", "/messages/new"):
        assert " autofocus" not in bob.page(path)
