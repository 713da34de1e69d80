"""Page numbers, page links and the rows of pages."""

import functools
import operator
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.core.db.pagination import Page
from madang.core.web.pagination import MAX_PAGE, page_number

pytestmark = pytest.mark.each_database


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1", 1),
        ("2", 2),
        ("007", 7),
        ("0", 1),
        ("-1", 1),
        ("abc", 1),
        ("1e9", 1),
        ("1.5", 1),
        ("", 1),
        (None, 1),
        (" 2", 1),
        ("２", 1),
        ("²", 1),
        ("9" * 5000, MAX_PAGE),
        ("2\0", 1),
    ],
)
def test_an_invalid_page_number_is_the_first_page(written, number):
    assert page_number(written) == number


@given(st.integers(0, 10**9), st.integers(1, 100), st.data())
def test_every_page_can_be_reached_and_none_is_empty(total, size, data):
    last = Page(1, size, total).last
    page = Page(data.draw(st.integers(1, last)), size, total)
    assert 0 <= page.offset <= max(0, total - 1)
    assert (page.number == 1) != page.has_prev
    assert (page.number == last) != page.has_next
    window = page.window
    numbers = [number for number in window if number is not None]
    assert numbers == sorted(set(numbers))
    assert {1, page.number, last} <= set(numbers)
    assert len(window) <= 9
    for before, gap, after in zip(window, window[1:], window[2:], strict=False):
        if gap is None:
            assert after - before > 2, "a single page is never left out"


def _rows(page: str) -> list[str]:
    return re.findall(r"data-row>([^<]+)</a>", page)


@pytest.fixture
def seven(app, ann):
    """Seven questions, two to a page."""
    app.config["POSTS_PER_PAGE"] = 2
    for number in range(1, 8):
        ann.ask(f"Question number {number}?")


@pytest.mark.parametrize("query", ["", "sort=active", "sort=votes", "sort=unanswered"])
def test_the_pages_of_a_list_contain_each_row_once(seven, visitor, query):
    pages = [_rows(visitor.page(f"/questions?{query}&page={number}")) for number in range(1, 5)]
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert functools.reduce(operator.iadd, pages, []) == [f"Question number {number}?" for number in range(7, 0, -1)]


@pytest.mark.parametrize("asked", ["5", "999", "9" * 30])
def test_a_number_past_the_end_shows_the_last_page(seven, visitor, asked):
    assert _rows(visitor.page(f"/questions?page={asked}")) == ["Question number 1?"]


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "1e9", "%00", "%ff", "", "2&page=1"])
def test_an_invalid_page_number_shows_a_page(seven, visitor, asked):
    assert _rows(visitor.page(f"/questions?page={asked}"))


def test_page_links_keep_the_other_query_parameters(seven, visitor):
    page = visitor.page("/questions?sort=votes&page=2&other=%EB%A7%88%EB%8B%B9+%26")
    assert "/questions?sort=votes&amp;other=%EB%A7%88%EB%8B%B9%20%26&amp;page=3" in page


def test_rows_of_talk_boards_are_numbered_from_the_newest_down(seven, ann, visitor):
    """Rows of questions are not: such a number is a position, and would read as the id of the question."""
    for number in range(7):
        ann.ask(f"Talk number {number}", board="talk")
    for number, first in ((1, 7), (2, 5), (4, 1)):
        shown = re.findall(r"No\. ([\d,]+)", visitor.page(f"/boards/talk?page={number}"))
        assert shown[0] == str(first)
    for path in ("/boards/talk?sort=votes", "/boards/qa", "/questions", "/questions?sort=votes", "/boards/qa?page=2"):
        assert "No. " not in visitor.page(path)


def test_answers_are_paginated(app, ann, bob, visitor, monkeypatch):
    monkeypatch.setattr("madang.posts.queries.answers.ANSWERS_PER_PAGE", 2)
    monkeypatch.setattr("madang.posts.views.reading.ANSWERS_PER_PAGE", 2)
    question = ann.ask()
    answers = [bob.answer(question, f"Answer number {number} is this.") for number in range(5)]
    found = [re.findall(r'id="answer-(\d+)"', visitor.page(f"/posts/{question}?page={number}")) for number in (1, 2, 3)]
    assert functools.reduce(operator.iadd, found, []) == [str(answer) for answer in answers]
    location = visitor.get(f"/posts/{answers[4]}").location
    assert location.endswith(f"?page=3#answer-{answers[4]}")
    for asked in ("4", "-1", "abc", "9" * 30):
        visitor.page(f"/posts/{question}?page={asked}")
