"""Members are notified of the moderators' decision on their request to have a question deleted."""

from madang.core.i18n import _

from ..models.tables import Payload
from .base import Ids, Kind, Notice


class DeletionDecided(Kind):
    """The decision on a request for deletion, for the member who asked; the job of `moderation` asks for it."""

    name = "deletion_decided"
    position = 105
    icon = "trash"
    default_channel = "web"
    is_in_thread = False

    def label(self) -> str:
        return _("The moderators decide about my deletion request")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        """With the title in both cases: the member wrote it."""
        if payload.get("verdict") == "upheld":
            return _("The moderators have deleted your question “%(title)s”, as you asked", title=title)
        if reply := payload.get("reply"):
            return _("The moderators decided to keep your question “%(title)s”: %(reply)s", title=title, reply=reply)
        return _("The moderators decided to keep your question “%(title)s”", title=title)

    def notice(
        self, author_id: int, request_key: str, question_id: int, words: dict[str, str], public_ids: Ids
    ) -> Notice:
        """Return the notice of a decision: `words` are its verdict, reply and title; `public_ids` as of a flag."""
        key = f"deletion:{request_key}"
        payload = {"url": f"/posts/{question_id}", **words, **public_ids}
        return Notice(kind=self.name, recipients=[author_id], dedupe_key=key, group_key=key, payload=payload)
