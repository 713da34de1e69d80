"""Search in titles, bodies, answers, comments and names."""

import unicodedata

import pytest

from madang.core.markdown.sanitizer import plain_text
from madang.search.queries.search import MAX_HTML
from tests.people import BODY

pytestmark = pytest.mark.each_database


def results_of(page):
    """The HTML of the results on a search page."""
    return page.partition('<ol class="hits">')[2].partition("</ol>")[0]


def test_a_korean_word_is_found_with_its_particle_and_inside_a_longer_one(ann, visitor):
    ann.ask("파이썬 서버를 끄는 방법", body=BODY)
    ann.ask("웹서버가 자꾸 멈춰요", body=BODY)
    ann.ask("데이터베이스 고르기", body=BODY)
    results = results_of(visitor.page("/search?q=서버"))
    assert results.count('class="hit"') == 2
    assert "<mark>서버</mark>를" in results
    assert "웹<mark>서버</mark>가" in results


def test_one_syllable_is_found_at_the_beginning_of_words(ann, visitor):
    ann.ask("어떤 책을 읽을까요", body=BODY)
    assert "어떤" in results_of(visitor.page("/search?q=책"))


def test_all_words_must_match_in_any_order(ann, visitor):
    ann.ask("Moving a yard", body="It has a heavy gate and an old well.")
    ann.ask("Moving a house", body="It has a heavy gate and a new roof.")
    results = results_of(visitor.page("/search?q=moving+well+gate"))
    assert "yard" in results
    assert "house" not in results


def test_words_in_quotation_marks_must_be_adjacent(ann, visitor):
    ann.ask("The old yard is empty", body=BODY)
    ann.ask("The yard of old people", body=BODY)
    results = results_of(visitor.page('/search?q="old yard"'))
    assert results.count('class="hit"') == 1
    assert "is empty" in results


def test_case_and_unicode_normalisation_do_not_matter(ann, visitor):
    ann.ask("Docker로 배포하기", body=BODY)
    decomposed = unicodedata.normalize("NFD", "배포")
    assert "<mark>배포</mark>하기" in results_of(visitor.page(f"/search?q={decomposed}"))
    assert "<mark>Docker</mark>" in results_of(visitor.page("/search?q=dOCKER"))


def test_a_title_weighs_more_than_a_body(ann, visitor):
    in_title = ann.ask("Lanterns for the yard", body=BODY)
    in_body = ann.ask("Something else entirely", body="We hang lanterns there, many bright ones.")
    results = results_of(visitor.page("/search?q=lanterns"))
    assert results.index(f"/posts/{in_title}/") < results.index(f"/posts/{in_body}/")


def test_answers_and_comments_link_to_their_anchors(ann, bob, cho, visitor):
    question = ann.ask("How do I move a yard?")
    answer = bob.answer(question, body="Use a wheelbarrow for the pebbles.")
    comment = cho.comment(answer, body="Mine has a squeaky wheelbarrow.")
    results = results_of(visitor.page("/search?q=wheelbarrow"))
    assert f"/posts/{question}/how-do-i-move-a-yard#answer-{answer}" in results
    assert f"/posts/{question}/how-do-i-move-a-yard#comment-{comment}" in results
    assert "squeaky <mark>wheelbarrow</mark>" in results


def test_kinds_narrow_the_results(ann, bob, visitor):
    question = ann.ask("How do I move a pebble?")
    bob.answer(question, body="A pebble moves by itself, slowly.")
    ann.ask("A pebble for everybody", board="talk")
    kinds = {kind: results_of(visitor.page(f"/search?q=pebble&kind={kind}")) for kind in ("question", "answer", "talk")}
    assert all(results.count('class="hit"') == 1 for results in kinds.values())
    assert "How do I move a" in kinds["question"]
    assert "#answer-" in kinds["answer"]
    assert "for everybody" in kinds["talk"]


def test_a_search_of_questions_leads_to_the_search_page(ann, visitor):
    ann.ask("How do I move a pebble?")
    response = visitor.get("/questions?q=pebble")
    assert "kind=question" in response.location
    assert "How do I move a" in results_of(visitor.follow(response))


def test_people_are_listed_above_their_posts(ann, bob, visitor):
    ann.ask("A yard without a name")
    page = visitor.page("/search?q=ann")
    assert 'href="/users/ann"' in page.partition('class="people"')[2].partition("</ul>")[0]
    assert "A yard without a name" in results_of(page)
    assert 'href="/users/bob"' not in page


def test_the_beginning_of_a_name_finds_the_person(bob, visitor):
    assert bob
    assert 'class="people"' in visitor.page("/search?q=bo")


def test_pages_keep_the_query(app, ann, visitor):
    app.config["POSTS_PER_PAGE"] = 2
    for number in range(5):
        ann.ask(f"Yard & gate number {number}", body=BODY)
    page = visitor.page("/search?q=yard+%26+gate&kind=question")
    assert "q=yard%20%26%20gate&amp;kind=question&amp;page=3" in page
    assert results_of(visitor.page("/search?q=yard+%26+gate&kind=question&page=3")).count('class="hit"') == 1
    assert "5 results" in page


def test_an_empty_query_shows_an_explanation(visitor):
    assert "What are you looking for?" in visitor.page("/search")
    assert "Nothing to search for" in visitor.page("/search?q=%3F%21")


def test_a_search_without_results_suggests_asking(visitor):
    page = visitor.page("/search?q=zeppelin")
    assert "Nothing found for “zeppelin”" in page
    assert "/questions/ask" in page


@pytest.mark.parametrize(
    "typed",
    ['"', '"a', "*", "a*", "NEAR(a b)", "a NEAR/2 b", "-", "-a", "+a -b", "AND", "a AND", "OR OR", "NOT a", "^a", "a:b",
     "title_tokens:a", "{a}", "(", ")", "a & b | !c", "a <-> b", "<script>", "%", "_", "\\", "'", ";", "--", "\x00",
     "a\x00b",
     "🍺", "👩‍👩‍👧", "\u202eabc", "가" * 300, "a " * 300, "ㄱ", "ﬁ", "𠮷野家", "한", "½", "x" * 5000, "@~", ">a <b"],
)  # fmt: skip
def test_any_input_is_a_valid_query(ann, visitor, typed):
    ann.ask("A AND B: NEAR the title_tokens, NOT OR 𠮷野家", body="A tale of a and b, and of c. ½ 🍺")
    response = visitor.get("/search", query_string={"q": typed})
    assert response.status_code == 200
    assert "\x00" not in response.text
    assert visitor.get("/posts/similar", query_string={"title": typed}).status_code == 200


def test_operators_of_engines_are_searched_as_words(ann, visitor):
    ann.ask("Standing NEAR the gate", body=BODY)
    ann.ask("A gate far away", body=BODY)
    assert "<mark>NEAR</mark>" in results_of(visitor.page("/search?q=NEAR gate"))


@pytest.mark.parametrize("word", ["the", "a", "is", "c++", "C#", "3.11", "東京", "すし", "서버", "한글", "θεός"])
def test_short_and_common_words_are_found_on_every_database(ann, visitor, word):
    ann.ask(f"Here {word} stands", body="Nothing more to say here.")
    ann.ask("Another title without it", body="Nothing more to say here.")
    assert "stands" in results_of(visitor.page("/search?" + "q=" + word.replace("+", "%2B").replace("#", "%23")))


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", "1e3"])
def test_an_invalid_page_number_shows_the_nearest_page(ann, visitor, page):
    ann.ask("How do I move a pebble?")
    assert results_of(visitor.page(f"/search?q=pebble&page={page}&kind=nothing"))


def test_the_snippet_of_a_long_body_contains_the_word(ann, visitor):
    ann.ask("A long story", body="Once upon a time. " * 200 + "Then the heron came. " + "And they lived. " * 200)
    results = results_of(visitor.page("/search?q=heron"))
    assert "<mark>heron</mark>" in results
    assert len(results) < 2500


def test_of_a_very_long_result_only_the_beginning_is_read(ann, bob, visitor, monkeypatch):
    """Whatever its HTML takes: here it is several times as long as the text."""
    read = []
    monkeypatch.setattr("madang.search.fragments.plain_text", lambda markup: read.append(markup) or plain_text(markup))
    question = ann.ask()
    bob.answer(question, "The word persimmon. " + "<a@b.kr> " * 8_000)
    results = results_of(visitor.page("/search?q=persimmon"))
    assert "<mark>persimmon</mark>" in results
    assert "&lt;" not in results
    assert [20_000 < len(markup) <= MAX_HTML for markup in read] == [True]
