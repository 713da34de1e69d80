"""Migrations that recompute the keys of names leave every account reachable, and no two with one key."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, column, insert, select, table

from madang.core.clock import now
from madang.core.db import db
from madang.core.db.upgrade import MIGRATIONS

from .test_migrations import empty  # noqa: F401  (a fixture)

NOT_NULL = ("username", "username_key", "display_name", "role", "email", "email_key")
NUMBERS = ("reputation", "imported_reputation", "question_count", "answer_count", "comment_count", "accepted_count")
USERS = table("users", *map(column, (*NOT_NULL, *NUMBERS, "bio", "bio_html", "website", "location", "created_at",
                                     "unread_message_count")))  # fmt: skip


def insert_user(connection: Connection, username: str, *, username_key: str, **columns: str | None) -> None:
    """Insert an account as an earlier version wrote it."""
    values = dict.fromkeys(("bio", "bio_html", "website", "location"), "") | dict.fromkeys(NUMBERS, 0)
    values |= {"username": username, "display_name": username, "role": "member", "unread_message_count": 0}
    connection.execute(insert(USERS).values(**values, username_key=username_key, created_at=now(), **columns))


def keys(name: str) -> dict[str, str | None]:
    with db.engine.connect() as connection:
        rows = connection.execute(select(USERS.c.username, USERS.c[name])).all()
        return dict(rows)


@pytest.mark.usefixtures("empty")
def test_invisible_characters_leave_the_keys_of_names_unless_another_has_the_key():
    upgrade(directory=str(MIGRATIONS), revision="20261130_0127")
    before = {
        "boss": "boss",
        "boss\ufe0f": "boss\ufe0f",
        "한\u034f글": "한\u034f글",
        "ann\u180b": "ann\u180b",
        "bob": "bob",
    }
    with db.engine.begin() as connection:
        for username, key in before.items():
            insert_user(connection, username, username_key=key)
    upgrade(directory=str(MIGRATIONS), revision="20261130_0130")
    assert keys("username_key") == before | {"한\u034f글": "한글", "ann\u180b": "ann"}


@pytest.mark.usefixtures("empty")
def test_keys_of_addresses_are_recomputed_unless_another_has_the_key():
    upgrade(directory=str(MIGRATIONS), revision="20261130_0158")
    before = {
        "ann": ("Ann@Example.org", "ann@example.org"),
        "bob": ("bob@한글.kr", "bob@한글.kr"),
        "cho": ("u@한글.kr", "u@한글.kr"),
        "dan": ("u@xn--bj0bj06e.kr", "u@xn--bj0bj06e.kr"),
        "eve": ("straße@a.kr", "strasse@a.kr"),
        "guest": (None, None),
    }
    with db.engine.begin() as connection:
        for username, (email, key) in before.items():
            insert_user(connection, username, username_key=username, email=email, email_key=key)
    old = {name: key for name, (_email, key) in before.items()}
    upgrade(directory=str(MIGRATIONS), revision="20261130_0205")
    assert keys("email_key") == old | {"bob": "bob@xn--bj0bj06e.kr", "eve": "straße@a.kr"}
    downgrade(directory=str(MIGRATIONS), revision="20261130_0158")
    assert keys("email_key") == old


@pytest.mark.usefixtures("empty")
def test_tags_with_older_names_get_their_present_form_as_a_synonym():
    upgrade(directory=str(MIGRATIONS), revision="20261130_0205")
    tags = table(
        "tags", *map(column, ("name", "excerpt", "description", "description_html", "post_count", "created_at"))
    )
    with db.engine.begin() as connection:
        for name in ("straße", "python", "größe", "grösse"):
            row = {"name": name, "excerpt": "", "description": "", "description_html": "", "post_count": 0}
            connection.execute(insert(tags).values(**row, created_at=now()))
    upgrade(directory=str(MIGRATIONS), revision="20261130_0215")
    with db.engine.connect() as connection:
        assert connection.execute(select(column("name")).select_from(table("tag_synonyms"))).scalars().all() == [
            "strasse"
        ]
