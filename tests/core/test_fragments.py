"""Pieces of pages that are kept."""

from markupsafe import Markup

from madang.core.web.fragment_cache import FragmentCache


def test_what_is_kept_is_given_again():
    kept = FragmentCache(100_000)
    kept.keep(("a",), Markup("piece"))
    assert kept.get(("a",)) == "piece"
    assert kept.get(("b",)) is None


def test_long_pieces_do_not_fill_the_memory():
    kept = FragmentCache(1_000_000)
    for number in range(100):
        kept.keep((number,), Markup("x" * 100_000))
        assert kept.size <= 1_000_000
    assert kept.get((99,)) and kept.get((0,)) is None


def test_a_piece_larger_than_everything_is_not_kept():
    kept = FragmentCache(1_000)
    kept.keep(("a",), Markup("x" * 100_000))
    assert (kept.size, kept.get(("a",))) == (0, None)
