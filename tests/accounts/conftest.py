"""Fixtures of the limits of log-ins."""

from collections.abc import Callable

import pytest
from flask import Flask

from madang.core.web import rate_limits
from tests.people import Person

HOUSEHOLDS = [f"203.0.113.{number}" for number in range(1, 100)]


@pytest.fixture
def login_limits(app: Flask) -> None:
    """Few log-ins of a network, and few wrong passwords of an account."""
    rate_limits.connect(None)
    app.config.update(LOGIN_LIMIT="4 per minute", LOGIN_ACCOUNT_LIMIT="6 per hour")


@pytest.fixture
def stranger(app: Flask) -> Callable[[], Person]:
    """Make a new browser at an address of its own."""
    addresses = iter(HOUSEHOLDS)

    def arrive() -> Person:
        person = Person(app)
        person.client.environ_base["REMOTE_ADDR"] = next(addresses)
        return person

    return arrive
