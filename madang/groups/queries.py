"""Groups as their readers see them, their members, and what waits for an answer."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, Select, bindparam, select

from madang.accounts.models import Membership, User
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.i18n import _
from madang.core.text import slugify

from .models import BUILT_IN, BY_DOMAIN, EVERYONE, GRAY, INVITATION, MEMBERS, STAFF_GROUP, Group, MembershipRequest
from .policies import Standing, can_see_group

MEMBERS_PER_PAGE = 50
OWNERS_SHOWN = 20
_STANDING = (
    Membership.is_owner,
    Membership.origin,
    MembershipRequest.is_invitation,
    MembershipRequest.note,
)
_COLUMNS = (
    Group.id,
    Group.slug,
    Group.name,
    Group.description,
    Group.color,
    Group.joining,
    Group.shows_badge,
    Group.shows_members,
    Group.member_count,
    Group.created_at,
)
_PERSON = (User.username, User.display_name, User.role, User.avatar_file)
_MEMBERS = select(Membership.id, Membership.is_owner, Membership.origin, Membership.created_at, *_PERSON).join(
    User, User.id == Membership.user_id
)


class GroupRow(NamedTuple):
    """A group as a reader sees it, with what they are in it. A built-in group has neither an id nor a count.

    `note` came with the reader's own request or invitation.
    """

    id: int
    slug: str
    name: str
    description: str
    color: str
    joining: str
    shows_badge: bool
    shows_members: bool
    member_count: int | None
    created_at: datetime | None
    standing: Standing
    note: str = ""
    is_built_in: bool = False

    @property
    def is_member(self) -> bool:
        return self.standing.is_member

    @property
    def is_owner(self) -> bool:
        return self.standing.is_owner

    @property
    def has_asked(self) -> bool:
        return self.standing.has_asked

    @property
    def is_invited(self) -> bool:
        return self.standing.is_invited


def _with_standing(groups: Select) -> Select:
    """`groups` with what the person `me` is in each."""
    mine, asked = Membership, MembershipRequest
    return (
        groups.add_columns(*_STANDING)
        .select_from(Group)
        .outerjoin(mine, (mine.group_id == Group.id) & (mine.user_id == bindparam("me")))
        .outerjoin(asked, (asked.group_id == Group.id) & (asked.user_id == bindparam("me")))
    )


_GROUPS = _with_standing(select(*_COLUMNS))
_GROUP = _GROUPS.where(Group.slug == bindparam("slug"))
_STANDING_IN = _with_standing(select(Group.id)).where(Group.id == bindparam("group"))


def _standing(row: Row) -> Standing:
    return Standing(
        is_member=row.origin is not None,
        is_owner=bool(row.is_owner),
        is_by_domain=row.origin == BY_DOMAIN,
        has_asked=row.is_invitation is not None and not row.is_invitation,
        is_invited=bool(row.is_invitation),
    )


def _group_row(row: Row) -> GroupRow:
    values = {name: getattr(row, name) for name in GroupRow._fields if name not in ("standing", "note", "is_built_in")}
    return GroupRow(**values, standing=_standing(row), note=row.note or "")


def built_in_rows() -> list[GroupRow]:
    """The groups that everybody belongs to by what they are; the words are those of the reader's language."""
    words = {
        EVERYONE: (_("Everyone"), _("All readers, with or without an account.")),
        MEMBERS: (_("Members"), _("Everyone who has an account and is logged in.")),
        STAFF_GROUP: (_("Staff"), _("Moderators and administrators.")),
    }
    return [
        GroupRow(0, slug, *words[slug], GRAY, INVITATION, False, False, None, None, Standing(), is_built_in=True)
        for slug in BUILT_IN
    ]


def group_rows(actor: Actor) -> list[GroupRow]:
    """The groups that the actor may see, by name; built-in ones are not among them."""
    rows = [_group_row(row) for row in db.rows(_GROUPS, {"me": actor.id})]
    visible = [row for row in rows if can_see_group(actor, row, row.standing)]
    return sorted(visible, key=lambda row: (row.name.casefold(), row.id))


def get_group_row(slug: str, actor: Actor) -> GroupRow:
    """The group at `/groups/<slug>`, which may be built in.

    Raises `NotFound`, also for a group that the actor may not see.
    """
    if slug in BUILT_IN:
        return next(row for row in built_in_rows() if row.slug == slug)
    is_slug = slug == slugify(slug)  # PostgreSQL raises an error for some other strings
    found = db.rows(_GROUP, {"me": actor.id, "slug": slug}) if is_slug else []
    row = next(map(_group_row, found), None)
    if row is None or not can_see_group(actor, row, row.standing):
        raise NotFound
    return row


def get_group(slug: str, actor: Actor) -> Group:
    """A group to act on. Raises `NotFound` as `get_group_row` does, and for built-in groups."""
    row = get_group_row(slug, actor)
    group = None if row.is_built_in else db.session.get(Group, row.id)
    if group is None:
        raise NotFound
    return group


def standing_in(group_id: int, user_id: int | None) -> Standing:
    """What a person is in a group now."""
    return next(map(_standing, db.rows(_STANDING_IN, {"group": group_id, "me": user_id})), Standing())


def member_rows(group_id: int, *, after: int | None, limit: int) -> list[Row]:
    """The next members of a group after the membership `after`, the first to come first."""
    rows = _MEMBERS.where(Membership.group_id == group_id)
    if after is not None:
        rows = rows.where(Membership.id > after)
    return list(db.rows(rows.order_by(Membership.id).limit(limit)))


def group_names() -> dict[int, str]:
    """The names of all groups by id, in the order of the names. Not everybody may know of each."""
    rows = db.rows(select(Group.id, Group.name))
    return {row.id: row.name for row in sorted(rows, key=lambda row: (row.name.casefold(), row.id))}


def owner_rows(group_id: int) -> list[Row]:
    """The first owners of a group."""
    owners = select(*_PERSON).join(Membership, Membership.user_id == User.id)
    owners = owners.where(Membership.group_id == group_id, Membership.is_owner.is_(True))
    return list(db.rows(owners.order_by(Membership.id).limit(OWNERS_SHOWN)))


def owner_ids(group_id: int) -> list[int]:
    """The ids of all owners of a group; empty if administrators look after it."""
    owners = select(Membership.user_id).where(Membership.group_id == group_id, Membership.is_owner.is_(True))
    return [row.user_id for row in db.rows(owners.order_by(Membership.id))]


def groups_with_owner() -> set[int]:
    """The ids of the groups that have an owner."""
    owned = select(Membership.group_id).where(Membership.is_owner.is_(True)).distinct()
    return {row.group_id for row in db.rows(owned)}


def member_row(group_id: int, user_id: int) -> Row:
    """A member as the lists show them. Raises `NotFound`."""
    rows = _MEMBERS.where(Membership.group_id == group_id, Membership.user_id == user_id)
    row = next(iter(db.rows(rows)), None)
    if row is None:
        raise NotFound
    return row


def request_rows(group_id: int, *, after: int | None, limit: int) -> list[Row]:
    """The next requests and invitations of a group after the one with the id `after`, the oldest first."""
    asked = MembershipRequest
    columns = (asked.id, asked.is_invitation, asked.note, asked.created_at, *_PERSON)
    rows = select(*columns).join(User, User.id == asked.user_id).where(asked.group_id == group_id)
    if after is not None:
        rows = rows.where(asked.id > after)
    return list(db.rows(rows.order_by(asked.id).limit(limit)))


def find_request(group_id: int, user_id: int | None) -> MembershipRequest | None:
    """The request or invitation of a person, if there is one."""
    asked = MembershipRequest
    return db.session.scalar(select(asked).where(asked.group_id == group_id, asked.user_id == user_id))


def groups_of_person(user_id: int, actor: Actor) -> list[Row]:
    """The groups of a person, by name, as far as the actor may see that they are in them."""
    columns = (Group.id, Group.slug, Group.name, Group.color, Group.shows_badge, Group.shows_members)
    rows = select(*columns).join(Membership, Membership.group_id == Group.id).where(Membership.user_id == user_id)
    sees_all = actor.role == "admin"
    visible = [row for row in db.rows(rows) if sees_all or row.shows_members or row.id in actor.group_ids]
    return sorted(visible, key=lambda row: (row.name.casefold(), row.id))
