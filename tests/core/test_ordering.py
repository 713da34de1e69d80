"""What begins with some letters, as a stretch of an index."""

from hypothesis import given, settings
from hypothesis import strategies as st

from madang.core.db.ordering import _prefix_end

LETTERS = st.sampled_from("ab가\ud7ff\ue000\uffff\U00010000\U0010ffff")
STARTS, TEXTS = st.text(LETTERS, min_size=1, max_size=3), st.text(LETTERS, max_size=4)


@given(STARTS, TEXTS)
@settings(max_examples=200)
def test_what_begins_so_is_what_stands_from_there_up_to_the_prefix_end(start, text):
    end = _prefix_end(start)
    is_between = text >= start and (end is None or text < end)
    if end is not None:
        assert is_between is text.startswith(start)
    elif text.startswith(start):
        assert is_between


@given(STARTS)
@settings(max_examples=50)
def test_the_prefix_end_can_be_encoded(start):
    end = _prefix_end(start)
    assert end is None or end.encode()


def test_nothing_follows_the_last_letter():
    assert _prefix_end("\U0010ffff") is None
    assert _prefix_end("a\U0010ffff") == "b"
    assert _prefix_end("a") == "b"
    assert _prefix_end("\ud7ff") == "\ue000"
