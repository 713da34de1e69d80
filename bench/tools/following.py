"""Content of the feed benchmark, written by bulk SQL for SQLite: a member who follows thousands of authors."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select, text

from madang.accounts.models import User
from madang.core.clock import now
from madang.core.db import Base, db, transaction

from .site import fill, log_in, serving

FEW = 100
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
_MOMENT = "strftime('%Y-%m-%d %H:%M:%S', :start, '+' || i || ' minutes') || '.000000'"


def make_reader(instance: Path) -> str:
    """Create a small site with a new member. Returns the member's cookies."""
    cookie = instance / "reader"
    if not cookie.exists():
        fill(instance, FEW)
        with serving(instance) as server:
            cookie.write_text(log_in(server))
    return cookie.read_text()


def reader_id() -> int:
    """The id of the member of `make_reader`."""
    return db.session.scalars(select(User.id).where(User.username.like("reader%"))).one()


def fill_feed(app: Flask, instance: Path, *, people: int, posts: int) -> None:
    """Make the reader follow `people` authors with `posts` posts, one a minute, unless it was done before."""
    done = instance / f"followed-{people}-{posts}"
    if done.exists():
        return
    start = (now() - timedelta(minutes=posts)).strftime("%Y-%m-%d %H:%M:%S")
    with app.app_context(), transaction():
        reader = reader_id()
        first = _copy_people(people, reader)
        _insert_follows(first, people, reader, start)
        _copy_posts(posts, first, people, start)
        entries = text(
            "INSERT INTO feed_entries (user_id, post_id, kind, target_id, created_at)"
            " SELECT :reader, id, 'person', author_id, created_at FROM posts WHERE author_id >= :first ORDER BY id"
        )
        db.session.execute(entries, {"reader": reader, "first": first})
    with app.app_context(), transaction():
        db.session.execute(text("ANALYZE"))
    done.touch()


def _copy_people(count: int, model_id: int) -> int:
    """Insert copies of the account `model_id`. Returns the id of the first."""
    before = db.session.execute(text("SELECT max(id) FROM users")).scalar_one()
    names = ("username", "username_lower", "username_key", "display_name", "display_name_lower")
    values = {"id": f"{before} + i", "email": "NULL", "email_key": "NULL", **dict.fromkeys(names, "'author' || i")}
    _copy("users", values, model_id, count=count)
    return before + 1


def _insert_follows(first: int, count: int, reader: int, start: str) -> None:
    """Make the reader follow all authors, and all authors the first of them."""
    for follower, target in ((":reader", f"{first - 1} + i"), (f"{first} + i", f"{first}")):
        insertion = (
            f"INSERT INTO follows (follower_id, kind, target_id, created_at) {_NUMBERS}"
            f" SELECT {follower}, 'person', {target}, :start || '.000000' FROM n WHERE {first - 1} + i < :end"
        )
        last = first + count if follower == ":reader" else first + count - 1
        values = {"count": count, "start": start, "end": last}
        db.session.execute(text(insertion), values | ({"reader": reader} if follower == ":reader" else {}))


def _copy_posts(count: int, first: int, people: int, start: str) -> None:
    model_id = db.session.execute(text("SELECT min(id) FROM posts WHERE kind = 'question'")).scalar_one()
    before = db.session.execute(text("SELECT max(id) FROM posts")).scalar_one()
    values = {
        "id": f"{before} + i",
        "author_id": f"{first} + i * 7919 % {people}",
        "title": "'How do I move a yard, part ' || i || '?'",
        "created_at": _MOMENT,
        "last_activity_at": _MOMENT,
        "fingerprint": "NULL",
        "body": "'Words.'",
        "body_html": "'<p>Words.</p>'",
    }
    _copy("posts", values, model_id, count=count, start=start)


def _copy(table: str, values: dict[str, str], model_id: int, **parameters: object) -> None:
    """Insert `count` copies of the row `model_id` with other `values`: SQL expressions of the copy's number `i`."""
    columns = [column.name for column in Base.metadata.tables[table].columns]
    expressions = ", ".join(values.get(name, f"model.{name}") for name in columns)
    insertion = f"INSERT INTO {table} ({', '.join(columns)}) {_NUMBERS} SELECT {expressions} FROM n, {table} AS model"
    db.session.execute(text(f"{insertion} WHERE model.id = :model_id"), {"model_id": model_id, **parameters})
