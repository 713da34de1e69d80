"""How the engines are configured."""

import pytest
from flask import Flask
from sqlalchemy import select, text

from madang.core.db import db, engines
from madang.posts.models import Post

pytestmark = pytest.mark.each_database

TIMES = 20  # the driver prepares a statement at its fifth use, and PostgreSQL chose a plan for all values at the tenth


def test_a_statement_that_is_sent_often_is_planned_for_its_values(app: Flask):
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("only PostgreSQL plans a prepared statement for all values")
        with db.engine.connect() as connection:
            for number in range(TIMES):
                connection.execute(select(Post.id).where(Post.score > number, Post.kind == "question")).all()
            plans = "SELECT sum(custom_plans) AS custom, sum(generic_plans) AS generic FROM pg_prepared_statements"
            row = connection.execute(text(plans)).one()
    assert row.custom > 10, "it was prepared"
    assert row.generic == 0


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("postgresql+psycopg://h/d", "-c plan_cache_mode=force_custom_plan"),
        (
            "postgresql+psycopg://h/d?options=-c%20work_mem%3D8MB",
            "-c work_mem=8MB -c plan_cache_mode=force_custom_plan",
        ),
        ("mariadb+pymysql://h/d", None),
    ],
)
def test_options_of_the_address_are_kept(monkeypatch: pytest.MonkeyPatch, url: str, options: str | None):
    created: dict[str, object] = {}
    monkeypatch.setattr(engines, "create_engine", lambda *_arguments, **values: created.update(values))
    engines._create_server_engine(url)
    assert created["connect_args"] == ({"options": options} if options else {})
