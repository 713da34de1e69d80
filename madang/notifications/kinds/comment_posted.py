"""The authors of a post and of a comment are notified of a comment below it."""

from madang.comments.models import Comment
from madang.core.db import db
from madang.core.i18n import _
from madang.posts.models import Post

from ..models.tables import Payload
from .base import EventKind, Ids, Notice
from .lookups import comment_payload, public_comment


class CommentPosted(EventKind):
    """A comment, for the authors of its post and of the comment that it replies to."""

    name = "comment_posted"
    position = 20
    icon = "chat"

    def label(self) -> str:
        return _("Someone comments on what I wrote")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("%(who)s commented on “%(title)s”", who=who, title=title)

    def notice(self, ids: Ids) -> Notice | None:
        comment = public_comment(ids["comment_id"])
        if comment is None:
            return None
        recipients = [db.session.get_one(Post, comment.post_id).author_id]
        if comment.parent_id is not None:
            recipients.append(db.session.get_one(Comment, comment.parent_id).author_id)
        return Notice(
            kind=self.name,
            recipients=recipients,
            dedupe_key=f"comment:{comment.id}",
            group_key=f"comments:{comment.post_id}",
            payload=comment_payload(comment, comment.author_id),
        )
