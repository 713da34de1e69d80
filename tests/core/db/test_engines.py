"""How the engines are configured."""

import psycopg
import pymysql
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

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
    ("url", "name", "value"),
    [
        ("postgresql+psycopg://h/d", "options", "-c plan_cache_mode=force_custom_plan"),
        (
            "postgresql+psycopg://h/d?options=-c%20work_mem%3D8MB",
            "options",
            "-c work_mem=8MB -c plan_cache_mode=force_custom_plan",
        ),
        ("postgresql+psycopg://h/d", "connect_timeout", 2),
        ("postgresql+psycopg://h/d?connect_timeout=9", "connect_timeout", "9"),
        ("mariadb+pymysql://h/d", "options", None),
        ("mariadb+pymysql://h/d", "connect_timeout", 2),
        ("mariadb+pymysql://h/d?connect_timeout=9", "connect_timeout", 9),
    ],
)
def test_options_of_the_address_are_kept(monkeypatch: pytest.MonkeyPatch, url: str, name: str, value: object):
    asked: dict[str, object] = {}

    def connect(*_arguments: object, **options: object) -> None:
        asked.update(options)
        raise (pymysql if "pymysql" in url else psycopg).OperationalError("not in this test")

    monkeypatch.setattr(psycopg, "connect", connect)
    monkeypatch.setattr(pymysql.connections.Connection, "__init__", connect)
    with pytest.raises(OperationalError):
        engines._create_server_engine(url).connect()
    assert asked.get(name) == value


def test_a_server_that_has_just_failed_is_not_asked_again(monkeypatch: pytest.MonkeyPatch):
    tries: list[object] = []

    def connect(*arguments: object, **_options: object) -> None:
        tries.append(arguments)
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(psycopg, "connect", connect)
    engine = engines._create_server_engine("postgresql+psycopg://h/d")
    for _try in range(20):
        with pytest.raises(OperationalError):
            engine.connect()
    assert 1 <= len(tries) < 20
