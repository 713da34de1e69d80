"""Similar questions."""

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
    assert fragment.index("about herons") < fragment.index("about gates")
    assert fragment.count("<li>") == 5


def test_only_titles_of_questions_are_compared(ann, bob):
    question = ann.ask("Something else", body="This one names lanterns in its body.")
    bob.answer(question, body="Lanterns are good for a yard.")
    ann.ask("Lanterns for everybody", board="talk")
    assert ann.page("/posts/similar?title=Lanterns").strip() == ""


def test_a_question_is_not_similar_to_itself(ann, dan, visitor):
    ann.ask("Lanterns over the water")
    other = ann.ask("Lanterns under the bridge")
    question = ann.ask("Lanterns beside the road")
    path = f"/posts/{question}/similar"
    assert path in visitor.page(f"/posts/{question}")
    panel = visitor.page(path)
    assert "over the water" in panel
    assert "beside the road" not in panel
    dan.post(f"/posts/{other}/delete")
    assert "under the bridge" not in visitor.page(path)


def test_a_question_with_all_words_comes_first_however_old_it_is(ann, monkeypatch):
    monkeypatch.setattr("madang.search.queries.search.MAX_SIMILAR_RANKED", 3)
    ann.ask("How do I mend a lantern of paper?")
    for number in range(5):
        ann.ask(f"How do I mend something else, number {number}?")
    fragment = ann.page("/posts/similar?title=mend a lantern of paper")
    assert fragment.index("a lantern of paper") < fragment.index("something else")
