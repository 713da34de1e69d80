"""Rows of a person in every table in which a slice declares that rows belong to a person."""

from datetime import date, datetime
from io import BytesIO
from itertools import count

from flask import Flask
from PIL import Image
from sqlalchemy import Column, Table, func, insert, select

from madang.accounts.models import User
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.ownership import Owned
from madang.slices import SLICES
from tests.accounts.mailbox import run_jobs
from tests.groups.groups import make_group, make_owner
from tests.moderation.flags import flag, resolve
from tests.people import People, Person
from tests.polls.polls import vote, write_poll

# Values that a check constraint of the table requires.
REQUIRED = {"follows": {"kind": "tag"}}
_numbers = count(1)


def declared() -> list[Owned]:
    return [owned for each in SLICES for owned in each.owned]


def name_of(owned: Owned) -> str:
    """`posts.author_id`."""
    return f"{table_of(owned).name}.{owned.column.key}"


def table_of(owned: Owned) -> Table:
    return owned.column.class_.__table__


def count_rows(app: Flask, owned: Owned, user_id: int) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table_of(owned)).where(owned.is_of(user_id)))


def write_rows(app: Flask, people: People) -> Person:
    """Let dan, a moderator, do what leaves rows; insert rows where nothing of this did. Returns him."""
    ann, cho, dan, eve = (people[name] for name in ("ann", "cho", "dan", "eve"))
    for person in (ann, cho):
        person.post("/users/dan/follow", value=1)
    dan.post("/users/cho/follow", value=1)
    _write_posts(ann, cho, dan)
    dan.post("/todos", title="Write it all down")
    dan.post("/messages/new", to="cho", body="Do you see this?")
    cho.post("/messages/new", to="dan", body="I do.")
    dan.post("/messages/blocks/eve")
    assert eve.username
    _join_groups(people["ruth"], dan, eve)
    run_jobs(app)
    for owned in declared():
        if not count_rows(app, owned, dan.id):
            insert_row(app, owned, dan.id, other_id=eve.id)
    return dan


def _join_groups(ruth: Person, dan: Person, eve: Person) -> None:
    """Dan owns a group to which he invites eve, and asks to join another."""
    make_owner(ruth, dan.username, path=make_group(ruth))
    dan.post("/groups/gardeners/invitations", usernames=eve.username)
    dan.post(f"{make_group(ruth, 'cooks', joining='request')}/ask", note="I cook.")


def _write_posts(ann: Person, cho: Person, dan: Person) -> None:
    """What dan posts, votes, flags and drafts, and what he does to the posts of others as a moderator."""
    of_dan, of_cho, of_ann = dan.ask("What do I own?"), cho.ask("What does dan own?"), ann.ask("And what do I own?")
    cho.answer(of_dan, "An answer of which dan is notified.")
    remark = cho.comment(of_cho, "A remark that dan likes.")
    dan.answer(of_cho, "An answer of dan, with words.")
    dan.comment(of_cho, "A remark of dan.")
    dan.post(f"/comments/{dan.comment(of_cho, 'A remark that goes.')}/delete")
    dan.post(f"/posts/{of_cho}/votes", value="1")
    dan.post(f"/comments/{remark}/votes", value="1")
    vote(dan, write_poll(cho), "The yard")
    write_poll(dan, "A poll of dan")
    dan.post(f"/posts/{of_cho}/edit", version=1, title="What does dan really own?", body="Edited by him, to be exact.")
    flag(dan, f"posts/{of_cho}")
    flag(ann, f"posts/{of_dan}")
    flag(cho, f"posts/{of_ann}")
    resolve(dan, f"posts/{of_ann}", "declined")
    dan.post(f"/posts/{of_ann}/delete")
    dan.post("/posts/drafts", key="post", title="Not yet", body="half a thought")
    picture = BytesIO()
    Image.new("RGB", (20, 20), "teal").save(picture, "PNG")
    dan.post("/files", file=(BytesIO(picture.getvalue()), "yard.png"))


def insert_row(app: Flask, owned: Owned, user_id: int, *, other_id: int) -> None:
    """Insert a row that belongs to a person; other columns get any value that the table accepts."""
    table = table_of(owned)
    values = {owned.column.key: user_id, **REQUIRED.get(table.name, {})}
    if owned.where is not None:  # a comparison of a column with a constant
        values[owned.where.left.key] = owned.where.right.value
    with app.app_context(), transaction():
        for column in table.columns:
            if column.key not in values and _needs_a_value(column):
                values[column.key] = _some_value(column, other_id)
        db.session.execute(insert(table).values(values))


def _needs_a_value(column: Column) -> bool:
    has_value = column.nullable or column.default is not None or column.server_default is not None
    return not has_value and column is not column.table.autoincrement_column


def _some_value(column: Column, other_id: int) -> object:
    for key in column.foreign_keys:
        is_person = key.column.table is User.__table__
        return other_id if is_person else db.session.scalar(select(func.min(key.column)))
    kind, number = column.type.python_type, next(_numbers)
    if kind is str:
        return f"{number}-generated"[: column.type.length]
    return {int: number, bool: False, datetime: now(), date: now().date()}.get(kind, {})
