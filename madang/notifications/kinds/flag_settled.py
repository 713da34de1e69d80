"""Members are notified of the moderators' verdict on what they flagged."""

from madang.core.i18n import _

from ..models.tables import Payload
from .base import Ids, Kind, Notice


class FlagSettled(Kind):
    """The verdict on a flag, for the member who flagged; the job of `moderation` asks for it."""

    name = "flag_settled"
    position = 100
    icon = "flag"
    default_channel = "web"
    is_in_thread = False

    def label(self) -> str:
        return _("The moderators decide about my flag")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        """Without a title if the flagged post is not visible any more."""
        is_upheld = payload.get("verdict") == "upheld"
        if not title:
            if is_upheld:
                return _("The moderators accepted your flag and deleted it. Thank you")
            return _("The moderators looked at what you flagged and found nothing wrong with it")
        if is_upheld:
            return _("The moderators accepted your flag in “%(title)s”. Thank you", title=title)
        return _("The moderators looked at what you flagged in “%(title)s” and decided to keep it", title=title)

    def notice(self, flagger_id: int, flag_key: str, *, verdict: str | None, url: str, public_ids: Ids) -> Notice:
        """Return the notice of a verdict; `public_ids` are `post_id` and `comment_id` of what everybody still sees."""
        key = f"flag:{flag_key}"
        payload = {"verdict": verdict, "url": url, **public_ids}
        return Notice(kind=self.name, recipients=[flagger_id], dedupe_key=key, group_key=key, payload=payload)
