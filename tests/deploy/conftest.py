"""A site behind nginx, for the tests of a file, and an empty machine."""

from collections.abc import Iterator

import pytest

from .installation import Installation, installed
from .machines import Machine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)
