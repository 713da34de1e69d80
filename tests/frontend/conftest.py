"""Build the front end for the tests of its files."""

import json

import pytest

from frontend import build as frontend
from tests.conftest import skip_missing


@pytest.fixture(scope="session")
def built() -> dict[str, str]:
    """The names of the built files."""
    try:
        frontend.build(dev=True)
    except frontend.BuildError as error:
        skip_missing(str(error))
    return json.loads(frontend.MANIFEST.read_text(encoding="utf-8"))
