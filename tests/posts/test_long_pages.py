"""A page of very long answers shows all of the first ones, and the beginning of the others with a link to the rest."""

import re

import pytest

from madang.posts.fragments.pages import MAX_HTML, SHORT_HTML
from tests.api.programs import Program

QUOTES = "> \"<&>\" 'quoted'\n\n"


@pytest.fixture
def question(app, ann, monkeypatch) -> int:
    """A question of which a page shows answers of 3,000 characters whole, together."""
    monkeypatch.setattr("madang.posts.fragments.pages.MAX_HTML", 3_000)
    return ann.ask()


def _long(letter: str) -> str:
    return f"Begins with {letter}. " + f"{letter * 9} " * 139 + f"ends with {letter}."


def _whole_links(page: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'<a class="btn" href="(/posts/[^"]*whole=[^"]*)"', page)]


def test_the_first_answers_are_whole_and_the_others_begin(question, bob, visitor):
    answers = [bob.answer(question, _long(letter)) for letter in "abc"]
    page = visitor.page(f"/posts/{question}")
    assert [f"ends with {letter}." in page for letter in "abc"] == [True, True, False]
    assert "Begins with c." in page
    assert _whole_links(page) == [f"/posts/{question}?sort=votes&page=1&whole={answers[2]}#answer-{answers[2]}"]


def test_the_link_leads_to_a_page_with_the_whole_answer(question, bob, ann, visitor):
    answers = [bob.answer(question, _long(letter)) for letter in "abc"]
    for reader in (ann, visitor):
        (link,) = _whole_links(reader.page(f"/posts/{question}?sort=oldest"))
        page = reader.page(link)
        assert [f"ends with {letter}." in page for letter in "abc"] == [True, False, True], "in their order"
        assert _whole_links(page) == [f"/posts/{question}?sort=oldest&page=1&whole={answers[1]}#answer-{answers[1]}"]


def test_short_answers_are_always_whole(question, bob, visitor):
    for letter in "abc":
        bob.answer(question, _long(letter))
    bob.answer(question, "A short answer at the very end of all of them.")
    assert "A short answer at the very end of all of them." in visitor.page(f"/posts/{question}")


def test_an_answer_longer_than_a_page_is_whole_where_it_is_asked_for(question, bob, visitor):
    answer = bob.answer(question, _long("a") + _long("b") + _long("c"))
    assert len(_whole_links(visitor.page(f"/posts/{question}"))) == 1
    assert "ends with c." in visitor.page(f"/posts/{question}?whole={answer}")


@pytest.mark.parametrize("value", ["", "x", "0", "-1", "1" * 30, "999"])
def test_any_other_argument_shows_the_page_as_it_is(question, bob, visitor, value):
    for letter in "abc":
        bob.answer(question, _long(letter))
    assert len(_whole_links(visitor.page(f"/posts/{question}?whole={value}"))) == 1


def test_what_search_engines_read_has_only_the_answers_that_are_shown(question, bob, visitor):
    for letter in "abc":
        bob.answer(question, _long(letter))
    page = visitor.page(f"/posts/{question}")
    assert page.count("aaaaaaaaa") > 139
    assert page.count("ccccccccc") < 60


def test_a_page_of_thirty_long_answers_is_bounded(ann, bob, cho, visitor, app):
    """Whatever their texts: here quotes, whose HTML is several times as long."""
    question = ann.ask()
    for number in range(30):
        (ann, bob, cho)[number % 3].answer(question, f"{number} " + QUOTES * 2_000)
    for address in (f"/posts/{question}", f"/posts/{question}?sort=newest"):
        page = visitor.page(address)
        assert page.count("<article") == 31
        assert len(page) < 1.5 * MAX_HTML + 31 * (SHORT_HTML + 8_000)


def test_a_page_of_the_api_ends_where_its_texts_are_long_enough(app, ann, bob, monkeypatch):
    monkeypatch.setattr("madang.core.rest.pagination.MAX_TEXT", 6_000)
    monkeypatch.setattr("madang.core.rest.pagination.ROWS_AT_ONCE", 2)
    question = ann.ask()
    answers = [bob.answer(question, _long(letter)) for letter in "abcde"]
    program, path, pages = Program(app), f"/posts/{question}/answers", []
    found = program.read(f"{path}?limit=100&sort=oldest")
    while True:
        pages.append([answer["id"] for answer in found["items"]])
        if found["next_cursor"] is None:
            break
        found = program.read(f"{path}?limit=100&sort=oldest&cursor={found['next_cursor']}")
    assert pages == [answers[:3], answers[3:]]
    monkeypatch.setattr("madang.core.rest.pagination.MAX_TEXT", 1)
    assert len(program.read(f"{path}?limit=100")["items"]) == 1
    monkeypatch.setattr("madang.core.rest.pagination.MAX_TEXT", 10**9)
    for limit in (1, 2, 3, 4, 5, 100):
        items = program.read(f"{path}?limit={limit}&sort=oldest")
        assert [answer["id"] for answer in items["items"]] == answers[:limit]
        assert (items["next_cursor"] is None) is (limit >= 5)
