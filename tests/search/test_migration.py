"""The full-text index goes and comes back with its migration, and knows what was written before."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from madang import MIGRATIONS
from madang.core.db import db
from tests.search.test_index import hits

pytestmark = pytest.mark.each_database


def index_names():
    inspector = inspect(db.engine)
    names = {index["name"] for index in inspector.get_indexes("search_documents")} | set(inspector.get_table_names())
    return {name for name in names if name and name.startswith(("ft_", "search_index"))}


def test_the_index_goes_both_ways(app, ann, visitor):
    ann.ask("A heron in the yard")
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="first_tables")
        try:
            assert not index_names()
        finally:
            upgrade(directory=str(MIGRATIONS))
        assert index_names()
    assert hits(visitor, "heron") == 1
