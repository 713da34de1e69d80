"""Ask a question: the form, its errors, and the redirect."""

import re

import pytest

from tests.people import BODY


def test_asking_redirects_to_the_question(ann):
    response = ann.post("/posts/new", board="qa", title="파이썬 서버가 느려요", body=BODY, tags="파이썬, flask")
    page = ann.follow(response)
    assert "파이썬 서버가 느려요" in page
    assert "/tags/flask" in page or "tag=flask" in page


def test_a_visitor_is_redirected_to_the_login(visitor):
    response = visitor.get("/questions/ask")
    assert response.status_code == 302
    assert response.location == "/auth/login?next=/questions/ask"


def test_all_wrong_fields_are_reported_and_the_text_is_shown_again(ann):
    response = ann.post("/posts/new", board="qa", title="H", body="short", tags="a b c d e f")
    assert response.status_code == 422
    assert "Titles have 2 to 150 characters." in response.text
    assert "at least 10 characters" in response.text
    assert "up to 5 tags" in response.text
    assert ">short</textarea>" in response.text.replace("\r", "").replace("\n", "")


def test_a_double_click_is_one_question(ann, visitor):
    first, second = ann.ask(), ann.ask()
    assert first == second
    assert visitor.page("/questions").count('class="row"') == 1


def test_only_staff_post_notices(ann, dan):
    response = ann.post("/posts/new", board="notice", title="Hear ye, hear ye", body=BODY)
    assert response.status_code == 403
    assert dan.ask("Hear ye, hear ye", board="notice")


@pytest.mark.parametrize(
    ("address", "board", "heading"),
    [
        ("/posts/new", "qa", "Ask a question"),
        ("/questions/ask", "qa", "Ask a question"),
        ("/posts/new?board=notice", "notice", "Write a post"),
        ("/posts/new?board=talk", "talk", "Write a post"),
    ],
)
def test_the_form_chooses_the_board_that_its_heading_names(ruth, address, board, heading):
    """Staff may write on every board, and that of notices is the first."""
    page = ruth.page(address)
    chosen = re.search(r"<option[^>]*\bselected\b[^>]*>", page)[0]
    assert f'value="{board}"' in chosen
    assert f"<h1>{heading}</h1>" in page
