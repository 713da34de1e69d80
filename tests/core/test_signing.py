"""Signatures with a time that bear clocks which differ."""

from datetime import timedelta

import pytest
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from madang.core.clock import at, now
from madang.core.signing import SteadySigner

MINUTE = 60


@pytest.fixture
def serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer("key", signer=SteadySigner)


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(hours=1)])
def test_what_a_clock_that_is_ahead_has_signed_is_valid(serializer, ahead):
    with at(now() + ahead):
        token = serializer.dumps(7)
    assert serializer.loads(token, max_age=MINUTE) == 7
    assert serializer.loads(token, max_age=MINUTE, return_timestamp=True)[0] == 7


def test_a_signature_ends_with_its_age_and_a_wrong_one_is_none(serializer):
    token, moment = serializer.dumps(7), now()
    with at(moment + timedelta(seconds=MINUTE)):
        assert serializer.loads(token, max_age=MINUTE) == 7
    with at(moment + timedelta(seconds=MINUTE + 2)):
        assert serializer.loads(token) == 7
        with pytest.raises(SignatureExpired):
            serializer.loads(token, max_age=MINUTE)
    with pytest.raises(BadSignature):
        serializer.loads(token[:-1] + ("a" if token[-1] != "a" else "b"), max_age=MINUTE)
