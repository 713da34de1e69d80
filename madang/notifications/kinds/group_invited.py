"""A member is notified of an invitation to a group."""

from urllib.parse import quote

from madang.core.db import db
from madang.core.i18n import _
from madang.groups.models import Group, MembershipRequest

from ..models.tables import Payload
from .base import EventKind, Ids, Notice
from .lookups import group_name


class GroupInvited(EventKind):
    """An invitation to a group, for the person who may accept it."""

    name = "group_invited"
    position = 74
    icon = "envelope"
    is_in_thread = False

    def label(self) -> str:
        return _("Someone invites me to a group")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("%(who)s invited you to the group “%(group)s”", who=who, group=group_name(payload))

    def notice(self, ids: Ids) -> Notice | None:
        request = db.session.get(MembershipRequest, ids["request_id"])
        group = db.session.get(Group, ids["group_id"])
        if request is None or group is None:
            return None
        return Notice(
            kind=self.name,
            recipients=[request.user_id],
            dedupe_key=f"group_invitation:{request.id}",
            group_key=f"group_invitation:{group.id}",
            payload={"actor_id": request.inviter_id, "names": group.names, "url": f"/groups/{quote(group.slug)}"},
        )
