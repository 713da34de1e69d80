"""A member is notified that somebody else let them into a group, declined their request, or removed them."""

from urllib.parse import quote

from sqlalchemy import select

from madang.accounts.models import Membership
from madang.core.db import db
from madang.core.i18n import _
from madang.groups.models import REQUESTED, Group

from ..models.tables import Payload
from .base import EventKind, Ids, Notice
from .lookups import group_name


class MembershipChanged(EventKind):
    """What an owner decided about somebody's membership, for that person."""

    name = "membership_changed"
    position = 76
    icon = "people"
    is_in_thread = False

    def label(self) -> str:
        return _("My membership of a group begins, ends or is declined")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        group = group_name(payload)
        change = payload.get("change")
        if change == "accepted":
            return _("%(who)s accepted your request to join the group “%(group)s”", who=who, group=group)
        if change == "declined":
            return _("%(who)s declined your request to join the group “%(group)s”", who=who, group=group)
        if change == "removed":
            return _("%(who)s removed you from the group “%(group)s”", who=who, group=group)
        return _("%(who)s added you to the group “%(group)s”", who=who, group=group)

    def notice(self, ids: Ids) -> Notice | None:
        group = db.session.get(Group, ids["group_id"])
        if group is None:
            return None
        mine = select(Membership).where(Membership.group_id == group.id, Membership.user_id == ids["user_id"])
        change = _change(ids, db.session.scalar(mine))
        if change is None:
            return None
        name, subject_id = change
        key = f"membership:{name}:{subject_id}"
        names = {"names": group.names, "change": name}
        url = "/groups" if name == "removed" else f"/groups/{quote(group.slug)}"
        return Notice(
            kind=self.name,
            recipients=[ids["user_id"]],
            dedupe_key=key,
            group_key=key,
            payload={"actor_id": ids.get("actor_id"), "url": url, **names},
        )


def _change(ids: Ids, membership: Membership | None) -> tuple[str, int] | None:
    """What happened and the id of its subject, if it still holds."""
    if "request_id" in ids:
        return None if membership else ("declined", ids["request_id"])
    if "membership_id" in ids:
        return None if membership else ("removed", ids["membership_id"])
    if membership is None:
        return None
    return "accepted" if membership.origin == REQUESTED else "added", membership.id
