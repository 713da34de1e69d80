"""API schemas of comments."""

from madang.accounts.schemas import author
from madang.core.rest.schemas import Schema, id_of, moment, text, truth, whole


class CommentSchema(Schema):
    """A comment on a post."""

    id = whole("The comment's number.", 31)
    post_id = whole("The post that it belongs to.", 12)
    parent_id = whole("The comment that it replies to.", 30, allow_none=True)
    author = author(metadata={"description": "Who wrote it."})
    body = text("The text, as Markdown of one paragraph.", "Which yard do you *mean*?")
    body_html = text("The text as sanitised HTML.", "Which yard do you <em>mean</em>?")
    score = whole("How many voted for it.", 1)
    is_deleted = truth("Whether it was deleted; only staff can see deleted comments.", False)
    created_at = moment("When it was written.")
    edited_at = moment("When it was last edited.", allow_none=True)


class NewCommentSchema(Schema):
    """A comment to write."""

    body = text("Markdown of one paragraph.", "Which yard do you *mean*?", required=True)
    parent_id = id_of("The comment that it replies to.", 30, load_default=None, allow_none=True)


class PatchedCommentSchema(Schema):
    """The new text of a comment."""

    body = text("Markdown of one paragraph.", "Which yard do you *mean*?", required=True)
