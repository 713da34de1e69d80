"""The members of a conversation are notified of a message that they do not read soon."""

from datetime import timedelta

from madang.core.db import db
from madang.core.i18n import _
from madang.core.settings import setting
from madang.messages import events as on
from madang.messages.models import Message
from madang.messages.queries.messages import unread_member_ids

from ..models.tables import Payload
from .base import EventKind, Ids, Notice


class MessageReceived(EventKind):
    """A message, for the members who have not read it when the job runs."""

    name = "message_received"
    position = 80
    icon = "envelope"
    default_channel = "email"  # the inbox has a badge on the page
    delay = timedelta(minutes=2)  # a message that is read sooner needs no mail

    def label(self) -> str:
        return _("Someone sends me a message")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("%(who)s wrote you a message", who=who)

    def is_caused_by(self, event: object) -> bool:
        return isinstance(event, on.MessagePosted) and event.author_id is not None and bool(event.receiver_ids)

    def notice(self, ids: Ids) -> Notice | None:
        message = db.session.get(Message, ids["message_id"])
        if message is None or message.author_id is None or not setting("FEATURE_MESSAGES"):
            return None
        conversation_id = message.conversation_id
        url = f"/messages/{conversation_id}"
        return Notice(
            kind=self.name,
            recipients=unread_member_ids(message),
            dedupe_key=f"message:{message.id}:{message.created_at:%Y%m%d%H%M%S}",  # with the time: SQLite reuses ids
            group_key=f"conversation:{conversation_id}",
            payload={"actor_id": message.author_id, "conversation_id": conversation_id, "url": url},
        )
