"""Moderators are notified of flags."""

from collections.abc import Iterable

from madang.core.i18n import _

from ..models.tables import Payload
from .base import Ids, Kind, Notice


class ContentFlagged(Kind):
    """A flag that waits for a decision, for the moderators; the job of `moderation` asks for it."""

    name = "content_flagged"
    position = 120
    icon = "flag"
    default_channel = "web"
    is_in_thread = False
    is_for_staff = True

    def label(self) -> str:
        return _("Someone flags a post or comment, or asks for the deletion of a question")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        if payload.get("is_request"):
            return _("%(who)s asks to have “%(title)s” deleted", who=who, title=title)
        return _("%(who)s flagged something in “%(title)s”", who=who, title=title)

    def notice(
        self, moderator_ids: Iterable[int], flagger_id: int, flag_key: str, subject_ids: Ids, *, is_request: bool
    ) -> Notice:
        """Return the notice of a flag; `subject_ids` are `post_id` and, of a comment, `comment_id`.

        With `is_request` it is the request of a question's author to have it deleted.
        """
        subject = ":".join(str(number) for number in subject_ids.values())
        return Notice(
            kind=self.name,
            recipients=moderator_ids,
            dedupe_key=f"flagged:{flag_key}",
            group_key=f"{'deletion' if is_request else 'flagged'}:{subject}",
            payload={"actor_id": flagger_id, "url": "/admin/flags", "is_request": is_request, **subject_ids},
        )
