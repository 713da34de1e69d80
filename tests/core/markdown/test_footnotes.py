"""Footnotes as on GitHub."""

import re

import pytest

from madang.core.markdown.renderer import excerpt, mentioned_names, render, render_inline


def text_of(page: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def references(page: str) -> list[tuple[str, str, str]]:
    return re.findall(r'<sup><a href="#(fn-\w+-\d+)" id="(fnref-[\w-]+)"[^>]*>\[(\d+)\]</a></sup>', page)


def test_a_reference_and_its_footnote_link_to_each_other():
    page = render("마당[^1]은 넓다.\n\n[^1]: 집 앞의 **뜰**")
    [(target, source, number)] = references(page)
    assert number == "1"
    assert f'<li id="{target}">' in page
    assert f'<a href="#{source}" rel="nofollow ugc noopener">↩</a>' in page
    assert re.search(r'<ol class="footnotes">\s*<li [^>]*>\s*<p[^>]*>집 앞의 <strong>뜰</strong> <a', page)


def test_footnotes_are_numbered_by_their_references():
    page = render("[^b]: second\n[^a]: first\n\nOne[^A] two[^b] three[^a]")
    assert [number for _target, _source, number in references(page)] == ["1", "2", "1"]
    assert text_of(page).endswith("first ↩ ↩ second ↩")
    assert len({source for _target, source, _number in references(page)}) == 3


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a[^x]", "a[^x]"),
        ("`a[^1]`\n\n[^1]: b", "a[^1] b"),
        ("[^1]: alone", "alone"),
        ("a[^1]\n\n[^1]: b\n\n[^1]: again", "a [1] b ↩ again"),
        ("a[^1]\n\n[^1]: b\n\n    c\n\nd", "a [1] d b c ↩"),
        ("a[^1]\n\n[^1]:\n    - b\n    - c", "a [1] b c ↩"),
        ("a[^1]\n\n[^1]: b[^2]\n\n[^2]: c[^1]", "a [1] b [2] ↩ ↩ c [1] ↩"),
        ("> a[^1]\n>\n> [^1]: b", "a [1] b ↩"),
        ("- a[^한글]\n\n[^한글]: b", "a [1] b ↩"),
        ("|a[^1]|\n|-|\n\n[^1]: b", "a [1] b ↩"),
        ("[^1]: [^2]: b\n\na[^2]", "a [1] b ↩"),
        ("[^1]: [^3]\n\n[^3]: c", "[2] c ↩"),
        ("[a[^1]](/b)\n\n[^1]: c", "[a [1] ](/b) c ↩"),
        ("a[^ 1] [^] [^a b]", "a[^ 1] [^] [^a b]"),
        ("a [^1](/b)", "a ^1"),
    ],
)
def test_no_word_of_a_footnote_is_lost(source, text):
    assert text_of(render(source)) == text


def test_two_texts_on_a_page_have_different_targets():
    first, second = (references(render(f"{word}[^1]\n\n[^1]: note"))[0] for word in ("one", "two"))
    assert set(first[:2]).isdisjoint(second[:2])


def test_a_body_cannot_set_an_id():
    page = render('<li id="fn-1" value="3">a</li> <a id="top" href="/x">b</a>')
    assert "id=" not in page
    assert 'value="3"' in page


def test_mentions_in_footnotes_count_and_comments_have_none():
    assert mentioned_names("a[^1]\n\n[^1]: @ann", mentions=lambda names: names & {"ann"}) == {"ann"}
    assert text_of(render_inline("a[^1]\n\n[^1]: b")) == "a[^1] [^1]: b"


def test_an_excerpt_reads_as_the_page_does():
    assert excerpt(render("마당[^1]은 넓다.\n\n[^1]: 뜰")) == "마당[1]은 넓다. 뜰 ↩"
