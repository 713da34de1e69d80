"""Query people by the names that one writes to, and blocks."""

from sqlalchemy import BindParameter, Row, bindparam, or_, select

from madang.accounts.models import User
from madang.accounts.queries.users import username_keys_of
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import Conflict, NotFound
from madang.core.i18n import _
from madang.core.text import clean_line

from ..models import Block
from .conversations import WRITER_COLUMNS


def people_named(names: list[str]) -> dict[str, list[Row]]:
    """Rows of people by name, ignoring case. A name from before can be an account's and a guest's."""
    keys = [key for name in names for key in username_keys_of(name)]
    columns = select(User.id, User.username, User.role, User.suspended_until)
    people = columns.where(User.deleted_at.is_(None), User.username_key.in_(keys))
    rows = db.session.execute(people).all() if names else []
    return {name: [row for row in rows if row.username.casefold() == name.casefold()] for name in names}


def ambiguous_error(name: str) -> str:
    """The error of a name that is an account's and a guest's, so that nobody can tell who is meant."""
    return _("%(name)s is the name of both a member and a guest. It cannot be used while the guest exists.", name=name)


def get_person(name: str) -> User:
    """Return the account or guest of that name, ignoring case. Raises `NotFound`, and `Conflict` if it is both."""
    people = people_named([name := clean_line(name)])[name]
    if len(people) > 1:
        raise Conflict(ambiguous_error(name))
    if not people:
        raise NotFound
    return db.session.get_one(User, people[0].id)


_OTHERS: BindParameter[int] = bindparam("others", expanding=True)
_BLOCKS_AMONG = select(Block.blocker_id, Block.blocked_id).where(
    or_(
        (Block.blocker_id == bindparam("user_id")) & Block.blocked_id.in_(_OTHERS),
        (Block.blocked_id == bindparam("user_id")) & Block.blocker_id.in_(_OTHERS),
    )
)


def blocks_among(user_id: int, others: list[int]) -> tuple[set[int], set[int]]:
    """Return those of `others` whom a person has blocked, and those who have blocked that person."""
    pairs = db.rows(_BLOCKS_AMONG, {"user_id": user_id, "others": others}) if others else []
    return (
        {blocked for blocker, blocked in pairs if blocker == user_id},
        {blocker for blocker, _blocked in pairs if blocker != user_id},
    )


def has_blocked(actor: Actor, user_id: int) -> bool:
    return db.session.get(Block, (actor.id, user_id)) is not None


def blocked_people(user_id: int) -> list[Row]:
    """The people whom a person has blocked, the latest block first."""
    rows = select(User.username, Block.created_at, *WRITER_COLUMNS).join(User, User.id == Block.blocked_id)
    mine = rows.where(Block.blocker_id == user_id, User.deleted_at.is_(None))
    return list(db.session.execute(mine.order_by(Block.created_at.desc(), User.id.desc())).all())
