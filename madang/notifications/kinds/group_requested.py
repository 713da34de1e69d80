"""Owners of a group, or administrators if it has none, are notified of people who ask to join it."""

from urllib.parse import quote

from sqlalchemy import select

from madang.accounts.models import User
from madang.core.db import db
from madang.core.i18n import _
from madang.groups.models import Group, MembershipRequest
from madang.groups.queries import owner_ids

from ..models.tables import Payload
from .base import EventKind, Ids, Notice
from .lookups import group_name

_ADMINISTRATORS = select(User.id).where(User.role == "admin", User.deleted_at.is_(None))


class GroupRequested(EventKind):
    """A request to join a group, for its owners; for administrators where it has none."""

    name = "group_requested"
    position = 72
    icon = "person-plus"
    is_in_thread = False

    def label(self) -> str:
        return _("Someone asks to join a group that I look after")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("%(who)s asked to join the group “%(group)s”", who=who, group=group_name(payload))

    def notice(self, ids: Ids) -> Notice | None:
        request = db.session.get(MembershipRequest, ids["request_id"])
        group = db.session.get(Group, ids["group_id"])
        if request is None or group is None:
            return None
        return Notice(
            kind=self.name,
            recipients=owner_ids(group.id) or db.session.scalars(_ADMINISTRATORS).all(),
            dedupe_key=f"group_request:{request.id}",
            group_key=f"group_requests:{group.id}",
            payload={"actor_id": ids["user_id"], "names": group.names, "url": f"/groups/{quote(group.slug)}"},
        )
