"""A site behind nginx, for the tests of a file."""

from collections.abc import Iterator

import pytest

from .installation import Installation, installed


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("site")) as site:
        yield site
