"""Word counts, and extraction of the text of malformed pages."""

import pytest

from madang.tools.operations.counting import count_words, extract_text
from tests.timing import assert_quick


def test_a_text_is_counted():
    counted = count_words("The yard, the YARD and a don't. 마당에 서버를 두었다. 마당에!")
    assert counted["words"] == 11
    assert counted["hangul"] == 12
    assert counted["top"][:3] == [["the", 2], ["yard", 2], ["마당에", 2]]
    assert counted["different"] == 8
    assert counted["characters"] == 49
    assert counted["characters_without_spaces"] == 39


def test_decomposed_syllables_are_counted():
    assert count_words("\u1106\u1161\u1103\u1161\u11bc")["hangul"] == 2


@pytest.mark.parametrize("text", ["", "   ", "!?", "\n\n"])
def test_a_text_without_words_has_none(text):
    counted = count_words(text)
    assert (counted["words"], counted["hangul"], counted["top"]) == (0, 0, [])


def test_a_word_with_marks_is_one_word():
    assert count_words("हिन्दी naïve mother-in-law l’été 2026")["words"] == 5


def test_words_at_the_ends_of_chunks_are_not_cut():
    counted = count_words("courtyard " * 10_000)
    assert counted["top"] == [["courtyard", 10_000]]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("<b>f</b>oo b<i>a</i>r<br>next", ["foo", "bar", "next"]),
        ("<title>no</title><script>var no = '<p>no</p>'</script>yes<style>no{}</style>", ["yes"]),
        ("<SCRIPT>no</ScRiPt >yes<!-- no > no -->&amp;&#44;&eacute;t&eacute;", ["yes&,été"]),
        ('<a href="x>no" title=">">yes</a>', ["yes"]),
        ("1 < 2 and 3 > 2", ["1", "<", "2", "and", "3", ">", "2"]),
        ("yes<script>never closed no no", ["yes"]),
        ("yes<!-- never closed", ["yes"]),
        ("yes<p", ["yes"]),
        ("&#xD800;&#99999999999;", ["\ufffd\ufffd"]),
        ("&#" + "9" * 5000 + ";", ["\ufffd"]),
    ],
)
def test_only_visible_text_is_extracted(source, words):
    assert extract_text(source).split() == words


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        '<a "',
        "<!--",
        "<script>",
        "</",
        "<b>",
        "&#",
        "&",
        "<p>>",
        '<a ">',
        "<![CDATA[",
        "<?",
        "-'",
        "a\u0301",
    ],
)
def test_a_hostile_page_takes_linear_time(piece):
    source = piece * (1_000_000 // len(piece))
    assert_quick(lambda: count_words(extract_text(source)), 4)  # what grows with the square takes hours
