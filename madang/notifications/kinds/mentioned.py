"""Members are notified of a post or comment that mentions them."""

from madang.core.db import db
from madang.core.i18n import _
from madang.posts.models import Post

from ..models.tables import Payload
from .base import EventKind, Ids, Notice
from .lookups import answer_payload, comment_payload, mentioned_ids, post_payload, public_comment, public_post


class Mentioned(EventKind):
    """A new or edited post, or a comment, for the members whom it mentions."""

    name = "mentioned"
    position = 30
    icon = "person"

    def label(self) -> str:
        return _("Someone mentions me")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("%(who)s mentioned you in “%(title)s”", who=who, title=title)

    def notice(self, ids: Ids) -> Notice | None:
        return self._in_comment(ids["comment_id"]) if "comment_id" in ids else self._in_post(ids["post_id"])

    def _in_post(self, post_id: int) -> Notice | None:
        post = public_post(post_id)
        if post is None:
            return None
        payload_of = answer_payload if post.is_answer else post_payload
        return Notice(
            kind=self.name,
            recipients=mentioned_ids(post.body, post.board_id),
            dedupe_key=f"post:{post.id}",
            group_key=f"mentioned:post:{post.id}",
            payload=payload_of(post, post.author_id),
        )

    def _in_comment(self, comment_id: int) -> Notice | None:
        comment = public_comment(comment_id)
        if comment is None:
            return None
        return Notice(
            kind=self.name,
            recipients=mentioned_ids(comment.body, db.session.get_one(Post, comment.post_id).board_id),
            dedupe_key=f"comment:{comment.id}",
            group_key=f"mentioned:comment:{comment.id}",
            payload=comment_payload(comment, comment.author_id),
        )
