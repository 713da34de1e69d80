"""Attacks on the log: secrets of users in it, forged lines."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from madang.core.db import db


def test_a_database_error_does_not_contain_parameters(app):
    with app.app_context(), pytest.raises(SQLAlchemyError) as error:
        db.session.execute(text("INSERT INTO nowhere (word) VALUES (:word)"), {"word": "a secret"})
    assert "nowhere" in str(error.value) and "a secret" not in str(error.value)


def test_requests_cannot_forge_lines_of_the_log(app, visitor, monkeypatch, caplog):
    def fail(*_args):
        raise RuntimeError

    monkeypatch.setattr("madang.tags.views.get_tag", fail)
    assert visitor.get("/tags/a%0aERROR forged line").status_code == 500
    assert "\n" not in caplog.records[-1].getMessage()
