"""The author of a post or comment is notified of votes for it."""

from madang.core.db import db
from madang.core.i18n import _
from madang.votes import events as on
from madang.votes.models import CommentVote, PostVote

from ..models.tables import Payload
from .base import EventKind, Ids, Notice
from .lookups import comment_payload, post_payload, public_comment, public_post


class PostVoted(EventKind):
    """A vote up on a post or comment, for its author."""

    name = "post_voted"
    position = 50
    icon = "chevron-up"
    default_channel = "web"

    def label(self) -> str:
        return _("Someone votes for what I wrote")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("%(who)s voted for what you wrote in “%(title)s”", who=who, title=title)

    def is_caused_by(self, event: object) -> bool:
        return isinstance(event, on.PostVoted | on.CommentVoted) and event.after > max(event.before, 0)

    def notice(self, ids: Ids) -> Notice | None:
        if "comment_id" in ids:
            return self._for_comment(ids["comment_id"], ids["actor_id"])
        return self._for_post(ids["post_id"], ids["actor_id"])

    def _for_post(self, post_id: int, voter_id: int) -> Notice | None:
        post, vote = public_post(post_id), db.session.get(PostVote, (voter_id, post_id))
        if post is None or vote is None or vote.value < 1:
            return None
        return Notice(
            kind=self.name,
            recipients=[post.author_id],
            dedupe_key=f"vote:post:{post.id}:{voter_id}",
            group_key=f"votes:post:{post.id}",
            payload=post_payload(post, voter_id),
        )

    def _for_comment(self, comment_id: int, voter_id: int) -> Notice | None:
        comment, vote = public_comment(comment_id), db.session.get(CommentVote, (voter_id, comment_id))
        if comment is None or vote is None:
            return None
        return Notice(
            kind=self.name,
            recipients=[comment.author_id],
            dedupe_key=f"vote:comment:{comment.id}:{voter_id}",
            group_key=f"votes:comment:{comment.id}",
            payload=comment_payload(comment, voter_id),
        )
