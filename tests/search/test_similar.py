"""Similar questions."""

from html import unescape
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.each_database


def test_similar_questions_are_offered_while_a_title_is_typed(ann):
    ann.ask("파이썬 서버가 자꾸 멈춰요")
    ann.ask("맥주 거품이 안 생겨요")
    fragment = ann.page("/posts/similar?title=서버가 멈추는 까닭")
    assert "파이썬 서버가" in fragment
    assert "맥주" not in fragment
    assert "<html" not in fragment


def test_rarer_words_weigh_more(ann):
    for number in range(6):
        ann.ask(f"Yard question about gates, number {number}")
    ann.ask("Yard question about herons")
    fragment = ann.page("/posts/similar?title=Herons in a yard")
    assert "about herons" in fragment
    assert fragment.count("<li>") == 1


BEERS = [
    "Are some beers brewed with meat?",
    "Why are some beers warm and some cold?",
    "What are some of the most common ingredients used in gluten-free beers?",
    "Are there any good uses for beer that has sat in my growler for too long?",
    "Which beers are made for Lent?",
    "How do I keep a beer cold?",
    "Where are beers of wheat brewed?",
    "Looking for a very hoppy beer in Germany",
    "맥주가 너무 써요",
    "맥주 거품이 안 생기는데 어떻게 하나요?",
    "와인 코르크는 어떻게 따나요?",
    "와인을 냉장고에 보관해도 되나요?",
]

SIMILAR = [
    ("Are some beers too hoppy?", ["Looking for a very hoppy beer in Germany"]),
    ("Hoppy beers of Germany", ["Looking for a very hoppy beer in Germany"]),
    ("Is there gluten in beers?", ["What are some of the most common ingredients used in gluten-free beers?"]),
    ("How long may a growler be kept?", ["Are there any good uses for beer that has sat in my growler for too long?"]),
    ("How do you do it?", []),
    ("What are some of the most?", []),
    ("맥주 거품이 왜 없나요?", ["맥주 거품이 안 생기는데 어떻게 하나요?"]),
    ("코르크를 어떻게 하나요?", ["와인 코르크는 어떻게 따나요?"]),
    ("자전거는 어떻게 타나요?", []),
    ("어떻게 하나요?", []),
    ("", []),
    ("?!", []),
]


@pytest.mark.parametrize(("title", "expected"), SIMILAR)
def test_words_of_the_subject_count_and_filler_does_not(ann, visitor, title, expected):
    """Tried too: plurals, two languages, titles of nothing but filler or signs."""
    for beer in BEERS:
        ann.ask(beer)
    fragment = visitor.page(f"/posts/similar?title={quote(title)}")
    assert unescape(fragment).count("<li>") == len(expected), fragment
    assert all(question in unescape(fragment) for question in expected)


def test_a_title_is_compared_within_bounds(ann, visitor):
    """Very long titles, one word many times, signs of the engines' languages."""
    ann.ask("Lanterns over the water")
    for title in ("lanterns " * 200, "water" * 100, 'lanterns" OR *', "+lanterns -water", "t_lanterns", "'; --"):
        visitor.page(f"/posts/similar?title={quote(title)}")


def test_only_titles_of_questions_are_compared(ann, bob):
    question = ann.ask("Something else", body="This one names lanterns in its body.")
    bob.answer(question, body="Lanterns are good for a yard.")
    ann.ask("Lanterns for everybody", board="talk")
    assert ann.page("/posts/similar?title=Lanterns").strip() == ""


def test_a_question_is_not_similar_to_itself(ann, dan, visitor):
    ann.ask("Paper lanterns over the water")
    other = ann.ask("Paper lanterns under the bridge")
    question = ann.ask("Paper lanterns beside the road")
    path = f"/posts/{question}/similar"
    assert path in visitor.page(f"/posts/{question}")
    panel = visitor.page(path)
    assert "over the water" in panel
    assert "beside the road" not in panel
    dan.post(f"/posts/{other}/delete")
    assert "under the bridge" not in visitor.page(path)


def test_a_question_with_all_words_comes_first_however_old_it_is(ann, monkeypatch):
    monkeypatch.setattr("madang.search.queries.similar.MAX_COUNTED", 3)
    ann.ask("How do I mend a lantern of paper?")
    for number in range(5):
        ann.ask(f"How do I mend something else, number {number}?")
    for path in ("/posts/similar?title=mend a lantern of paper", "/posts/similar?title=mend paper"):
        assert "a lantern of paper" in ann.page(path)
