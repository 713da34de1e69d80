"""Prefix search as a range of an index."""

from hypothesis import given, settings
from hypothesis import strategies as st

from madang.core.db.ordering import _prefix_end

LETTERS = st.sampled_from("ab가\ud7ff\ue000\uffff\U00010000\U0010ffff")
STARTS, TEXTS = st.text(LETTERS, min_size=1, max_size=3), st.text(LETTERS, max_size=4)


@given(STARTS, TEXTS)
@settings(max_examples=200)
def test_a_prefix_is_the_range_up_to_its_end(start, text):
    end = _prefix_end(start)
    is_in_range = text >= start and (end is None or text < end)
    if end is not None:
        assert is_in_range is text.startswith(start)
    elif text.startswith(start):
        assert is_in_range


@given(STARTS)
@settings(max_examples=50)
def test_the_end_of_a_prefix_can_be_encoded(start):
    end = _prefix_end(start)
    assert end is None or end.encode()


def test_the_end_of_the_last_code_point_is_unbounded():
    assert _prefix_end("\U0010ffff") is None
    assert _prefix_end("a\U0010ffff") == "b"
    assert _prefix_end("a") == "b"
    assert _prefix_end("\ud7ff") == "\ue000"
