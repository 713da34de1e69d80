"""Asking: the page, what it refuses, and what follows."""

from tests.people import BODY


def test_a_member_asks_and_stands_at_the_question(ann):
    response = ann.post("/posts/new", board="qa", title="파이썬 서버가 느려요", body=BODY, tags="파이썬, flask")
    page = ann.follow(response)
    assert "파이썬 서버가 느려요" in page
    assert "/tags/flask" in page or "tag=flask" in page


def test_a_visitor_is_led_to_the_login(visitor):
    response = visitor.get("/questions/ask")
    assert response.status_code == 302
    assert response.location == "/auth/login?next=/questions/ask"


def test_every_wrong_field_is_named_at_once_and_the_text_stays(ann):
    response = ann.post("/posts/new", board="qa", title="Hm", body="short", tags="a b c d e f")
    assert response.status_code == 422
    assert "A title has 5 to 150 characters." in response.text
    assert "at least 15 characters" in response.text
    assert "up to 5 tags" in response.text
    assert ">short</textarea>" in response.text.replace("\r", "").replace("\n", "")


def test_a_double_click_is_one_question(ann, visitor):
    first, second = ann.ask(), ann.ask()
    assert first == second
    assert visitor.page("/questions").count('class="row"') == 1


def test_notices_are_for_staff(ann, dan):
    response = ann.post("/posts/new", board="notice", title="Hear ye, hear ye", body=BODY)
    assert response.status_code == 403
    assert dan.ask("Hear ye, hear ye", board="notice")
