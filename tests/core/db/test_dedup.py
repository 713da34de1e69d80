"""The fingerprints by which a double submit is found."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from madang.core.db.dedup import WINDOW_SECONDS, fingerprints

NOW = datetime(2026, 3, 10, 12, 5, tzinfo=UTC)
WINDOW = timedelta(seconds=WINDOW_SECONDS)


def is_duplicate(first: datetime, second: datetime) -> bool:
    """Whether a text sent at `second` counts as the one sent at `first`."""
    return fingerprints("words", now=first)[0] in fingerprints("words", now=second)


@given(st.integers(0, 10**9), st.integers(0, WINDOW_SECONDS))
@settings(max_examples=50)
def test_the_same_text_within_ten_minutes_is_a_duplicate(start, seconds):
    first = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=start)
    assert is_duplicate(first, first + timedelta(seconds=seconds))


@given(st.integers(0, 10**9), st.integers(2 * WINDOW_SECONDS, 10**6))
@settings(max_examples=50)
def test_the_same_text_after_twenty_minutes_is_new(start, seconds):
    first = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=start)
    assert not is_duplicate(first, first + timedelta(seconds=seconds))


def test_another_text_or_place_has_another_fingerprint():
    prints = {tuple(fingerprints(*parts, now=NOW)) for parts in ((1, "a"), (2, "a"), (1, "b"), ("1a",), (1, "a", ""))}
    assert len(prints) == 5
