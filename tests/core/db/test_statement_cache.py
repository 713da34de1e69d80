"""Statements are compiled once: what the second request for a page compiles, each further one would compile again.

SQLAlchemy keeps the last 500 compiled statements of a process, some 50 kB each. A page that makes a new one for every
request, such as one with a table of its own, fills the memory and displaces the statements of all other pages.
"""

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from madang.core.db import db
from tests.people import Person
from tests.test_conventions_routes import example_path


@pytest.fixture
def addresses(whole_app: Flask, bob: Person) -> list[str]:
    """Every address that is read, with example values; without the event stream, which does not end."""
    question = bob.ask(tags="words")
    rules = [rule for rule in whole_app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    paths = {example_path(rule) for rule in rules} - {"/events"}
    return sorted(path.replace("/posts/1", f"/posts/{question}") for path in paths)


@pytest.mark.parametrize("who", ["visitor", "ann", "ruth"])
def test_no_page_compiles_a_statement_again(whole_app, addresses, people, visitor, who):
    person = visitor if who == "visitor" else people[who]
    compiled: list[str] = []

    def note(_conn, _cursor, statement: str, _parameters, context, _many) -> None:
        if context.compiled is not None and context.cache_hit is not CacheStats.CACHE_HIT:
            compiled.append(statement)

    with whole_app.app_context():
        engine = db.engine
    again = {}
    for path in addresses:
        for _visit in range(2):
            person.get(path)
        event.listen(engine, "before_cursor_execute", note)
        person.get(path)
        event.remove(engine, "before_cursor_execute", note)
        if compiled:
            again[path] = compiled.copy()
            compiled.clear()
    assert again == {}
