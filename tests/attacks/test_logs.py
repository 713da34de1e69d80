"""What the log may hold of what people send."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from madang.core.db import db


def test_an_error_of_the_database_does_not_tell_what_was_written(app):
    with app.app_context(), pytest.raises(SQLAlchemyError) as error:
        db.session.execute(text("INSERT INTO nowhere (word) VALUES (:word)"), {"word": "a secret"})
    assert "nowhere" in str(error.value) and "a secret" not in str(error.value)


def test_nobody_writes_lines_of_their_own_into_the_log(app, visitor, monkeypatch, caplog):
    def fail(*_args):
        raise RuntimeError

    monkeypatch.setattr("madang.tags.views.get_tag", fail)
    assert visitor.get("/tags/a%0aERROR forged line").status_code == 500
    assert "\n" not in caplog.records[-1].getMessage()
