"""A member is notified of new followers."""

from urllib.parse import quote

from sqlalchemy import select

from madang.accounts.models import User
from madang.core.db import db
from madang.core.i18n import _
from madang.following.models import PERSON, Follow

from ..models.tables import Payload
from .base import EventKind, Ids, Notice


class PersonFollowed(EventKind):
    """A new follower, for the person whom they follow."""

    name = "person_followed"
    position = 70
    icon = "person-plus"
    default_channel = "web"

    def label(self) -> str:
        return _("Someone starts following me")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("%(who)s started following you", who=who)

    def notice(self, ids: Ids) -> Notice | None:
        follower_id, user_id = ids["follower_id"], ids["user_id"]
        follow = (Follow.follower_id == follower_id) & (Follow.kind == PERSON) & (Follow.target_id == user_id)
        followed = select(User.username).where(User.id == user_id, select(Follow.id).where(follow).exists())
        username = db.session.scalar(followed)
        if username is None:
            return None
        return Notice(
            kind=self.name,
            recipients=[user_id],
            dedupe_key=f"follower:{follower_id}",
            group_key="followers",
            payload={"actor_id": follower_id, "url": f"/users/{quote(username)}/followers"},
        )
