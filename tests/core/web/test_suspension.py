"""The sentence shown to a suspended account."""

from datetime import UTC, datetime

import pytest

from madang.core.actor import Actor
from madang.core.i18n import use_locale
from madang.core.web.suspension import suspension_sentence

UNTIL = datetime(2026, 3, 10, 12, tzinfo=UTC)
PLAIN = "Your account is suspended: you can read, but not write."


@pytest.mark.parametrize(
    ("until", "reason", "sentence"),
    [
        (None, None, PLAIN),
        (UNTIL, None, PLAIN),
        (UNTIL, "", PLAIN),
        (None, "Too loud", PLAIN),
        (
            UNTIL,
            "Too loud",
            "Your account is suspended until March 10, 2026 at 9:00 PM: you can read, but not write. Reason: Too loud",
        ),
    ],
)
def test_the_sentence_contains_the_end_in_the_readers_time_zone_and_the_reason(until, reason, sentence):
    actor = Actor(id=1, role="member", is_suspended=True, suspended_until=until, suspended_reason=reason)
    with use_locale("en", "Asia/Seoul"):
        assert suspension_sentence(actor).replace("\u202f", " ") == sentence
