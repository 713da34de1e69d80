"""Find the people somebody writes to, and whom they have blocked."""

from sqlalchemy import Row, or_, select

from madang.accounts.models import User
from madang.accounts.queries.users import keys_of
from madang.core.actor import GUEST, Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.text import clean_line

from ..models import Block
from .conversations import WRITER


def people_named(names: list[str]) -> dict[str, Row]:
    """Those of `names`, written in any case, that are somebody's: an account's, or else a guest's."""
    keys = [key for name in names for key in keys_of(name)]
    columns = select(User.id, User.username, User.role, User.suspended_until)
    found = columns.where(User.deleted_at.is_(None), User.username_key.in_(keys))
    guests_first = sorted(db.session.execute(found), key=lambda row: row.role != GUEST) if names else []
    rows = {row.username.casefold(): row for row in guests_first}  # an account takes a guest's place
    return {name: rows[name.casefold()] for name in names if name.casefold() in rows}


def get_person(name: str) -> User:
    """The account or the guest of that name, written in any case. Raises `NotFound`."""
    found = people_named([clean_line(name)])
    if not found:
        raise NotFound
    return db.session.get_one(User, next(iter(found.values())).id)


def blocks_among(user_id: int, others: list[int]) -> tuple[set[int], set[int]]:
    """Those of `others` whom a person has blocked, and those who have blocked that person."""
    either = or_(
        (Block.blocker_id == user_id) & Block.blocked_id.in_(others),
        (Block.blocked_id == user_id) & Block.blocker_id.in_(others),
    )
    pairs = db.session.execute(select(Block.blocker_id, Block.blocked_id).where(either)).all() if others else []
    return (
        {blocked for blocker, blocked in pairs if blocker == user_id},
        {blocker for blocker, _blocked in pairs if blocker != user_id},
    )


def has_blocked(actor: Actor, user_id: int) -> bool:
    return db.session.get(Block, (actor.id, user_id)) is not None


def blocked_people(user_id: int) -> list[Row]:
    """Whom a person has blocked, the last one first."""
    rows = select(User.username, Block.created_at, *WRITER).join(User, User.id == Block.blocked_id)
    mine = rows.where(Block.blocker_id == user_id, User.deleted_at.is_(None))
    return list(db.session.execute(mine.order_by(Block.created_at.desc(), User.id.desc())).all())
