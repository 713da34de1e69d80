"""Many writers at the same time on SQLite, which lets one write at a time: all of them get their turn."""

import random

import pytest

from .outcome import assert_all_is_there_once
from .site import new_site, soon
from .writing import Writers

pytestmark = pytest.mark.faults
WRITERS, WRITES = 32, 600


def test_two_processes_refuse_none_of_32_writers(tmp_path):
    with new_site(tmp_path, f"sqlite:///{tmp_path / 'madang.db'}", web_processes=2) as site:
        site.open()
        writers = Writers(site.people(*(f"member{number}" for number in range(WRITERS))), random.Random(1))
        writers.ask_questions()
        writers.allow(WRITES)
        with writers.writing():
            assert soon(lambda: writers.acknowledged.writes >= WRITES), writers.acknowledged.writes
        assert [each for person in writers.people for each in person.refusals] == []
        assert not site.log_lines("database is locked")
        assert not site.log_lines("Traceback")
        assert_all_is_there_once(site, writers.acknowledged)
