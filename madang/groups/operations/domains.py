"""Members by the domain of their address: let them in and out, for one account and for a whole group."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from madang.accounts.models import Membership, User
from madang.core.db import db
from madang.core.email_addresses import email_key

from ..models import BY_DOMAIN, Group
from .rows import delete_membership, find_membership, insert_membership, lock_group

BATCH_SIZE = 500


def domain_of(email: str | None) -> str:
    """The domain of an address in ASCII; empty if there is no address."""
    return email_key(email).rpartition("@")[2] if email else ""


def is_of_domains(user: User, group: Group) -> bool:
    """Whether the confirmed address of an account is of one of the group's domains."""
    return _confirmed_domain(user) in group.email_domains


def _confirmed_domain(user: User) -> str:
    is_confirmed = user.email_confirmed_at is not None and user.deleted_at is None
    return domain_of(user.email) if is_confirmed else ""


def update_memberships(user: User, *, now: datetime) -> None:
    """Let an account into the groups of the domain of its confirmed address, and out of those of others."""
    domain = _confirmed_domain(user)
    mine = select(Membership.group_id).where(Membership.user_id == user.id, Membership.origin == BY_DOMAIN)
    former = set(db.session.scalars(mine))
    for group in db.session.scalars(select(Group).order_by(Group.id)).all():
        if (domain in group.email_domains) != (group.id in former):
            lock_group(group)
            _update(group, user, now=now)


def _update(group: Group, user: User, *, now: datetime) -> None:
    """Let an account into a locked group or out of it; members who came otherwise stay as they are."""
    if is_of_domains(user, group):
        insert_membership(group.id, user.id, origin=BY_DOMAIN, now=now)
        return
    membership = find_membership(group.id, user.id)
    if membership is not None and membership.origin == BY_DOMAIN:
        db.session.expunge(membership)
        delete_membership(group.id, user.id)


def remove_next_former(group: Group, after: int) -> int | None:
    """Let out the next members by an address whose domain is not the group's any more.

    `after` is the id of the last membership that was looked at. Returns that of this batch, None at the end.
    """
    lock_group(group)
    members = select(Membership.id, Membership.user_id, User.email, User.email_confirmed_at)
    members = members.join(User, User.id == Membership.user_id).where(
        Membership.group_id == group.id, Membership.origin == BY_DOMAIN, Membership.id > after
    )
    rows = db.rows(members.order_by(Membership.id).limit(BATCH_SIZE))
    for row in rows:
        if row.email_confirmed_at is None or domain_of(row.email) not in group.email_domains:
            delete_membership(group.id, row.user_id)
    return rows[-1].id if rows else None


def add_next_matching(group: Group, after: int, *, now: datetime) -> int | None:
    """Let in those of the next accounts whose confirmed address is of the group's domains.

    `after` is the id of the last account that was looked at. Returns that of this batch, None at the end.
    """
    lock_group(group)
    accounts = select(User.id, User.email).where(
        User.id > after, User.is_account(), User.email_confirmed_at.is_not(None)
    )
    rows = db.rows(accounts.order_by(User.id).limit(BATCH_SIZE))
    for user_id in _ids_with(rows, group.email_domains):
        insert_membership(group.id, user_id, origin=BY_DOMAIN, now=now)
    return rows[-1].id if rows else None


def _ids_with(rows: Collection, domains: list[str]) -> list[int]:
    return [row.id for row in rows if domain_of(row.email) in domains]
