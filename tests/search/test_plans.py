"""A search reads the full-text index, however often its statement was sent before."""

import pytest
from flask import Flask
from sqlalchemy import insert, text

from madang.core.actor import VISITOR
from madang.core.clock import now
from madang.core.db import db
from madang.search.models import SearchDocument
from madang.search.queries.search import search_documents
from madang.search.queries.similar import similar_questions
from madang.search.queries.terms import parse_query

pytestmark = pytest.mark.each_database

TIMES = 20  # the driver prepares a statement at its fifth use; PostgreSQL chose a plan for all values at the tenth
DOCUMENTS = 4000


@pytest.fixture
def documents(app: Flask):
    """Documents of which each has a word of its own, and all share a few, with statistics of the table."""
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("only PostgreSQL plans a prepared statement for all values")
        common = "yard garden lantern river stone"
        rows = [
            {
                "id": number,
                "kind": "question",
                "created_at": now(),
                "title_tokens": f"yard unique{number}",
                "body_tokens": f"{common} " * 100,
            }
            for number in range(1, DOCUMENTS)
        ]
        db.session.execute(insert(SearchDocument), rows)
        db.session.commit()
        db.session.execute(text("ANALYZE search_documents"))
        db.session.commit()
        yield
        db.session.rollback()


@pytest.mark.parametrize(
    "search",
    [
        lambda number: search_documents(parse_query(f"unique{number}"), VISITOR),
        lambda number: search_documents(parse_query(f"yard unique{number}"), VISITOR, "question"),
        lambda number: similar_questions(f"unique{number} unique{number + 1}", VISITOR),
    ],
)
def test_a_rare_word_is_found_by_the_index_each_time(documents, search):
    for number in range(1, TIMES + 1):
        search(number)
    scans = text("SELECT pg_stat_get_xact_numscans('ft_search_documents'::regclass)")
    assert db.session.scalar(scans) >= TIMES
