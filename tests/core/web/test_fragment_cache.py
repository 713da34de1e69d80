"""The cache of rendered fragments."""

from markupsafe import Markup

from madang.core.web.fragment_cache import FragmentCache


def test_a_cached_fragment_is_returned():
    cache = FragmentCache(100_000)
    cache.add(("a",), Markup("piece"))
    assert cache.get(("a",)) == "piece"
    assert cache.get(("b",)) is None


def test_the_cache_stays_within_its_size():
    cache = FragmentCache(1_000_000)
    for number in range(100):
        cache.add((number,), Markup("x" * 100_000))
        assert cache.size <= 1_000_000
    assert cache.get((99,)) and cache.get((0,)) is None


def test_a_fragment_larger_than_the_cache_is_not_stored():
    cache = FragmentCache(1_000)
    cache.add(("a",), Markup("x" * 100_000))
    assert (cache.size, cache.get(("a",))) == (0, None)
