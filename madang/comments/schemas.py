"""API schemas of comments."""

from madang.accounts.schemas import author
from madang.core.rest.schemas import Schema, boolean_field, id_field, integer_field, moment_field, text_field


class CommentSchema(Schema):
    """A comment on a post."""

    id = integer_field("The comment's number.", 31)
    post_id = integer_field("The post that it belongs to.", 12)
    parent_id = integer_field("The comment that it replies to.", 30, allow_none=True)
    author = author(metadata={"description": "Who wrote it."})
    body = text_field("The text, as Markdown of one paragraph.", "Which yard do you *mean*?")
    body_html = text_field("The text as sanitised HTML.", "Which yard do you <em>mean</em>?")
    score = integer_field("How many voted for it.", 1)
    is_deleted = boolean_field("Whether it was deleted; only staff can see deleted comments.", False)
    created_at = moment_field("When it was written.")
    edited_at = moment_field("When it was last edited.", allow_none=True)


class NewCommentSchema(Schema):
    """A comment to write."""

    body = text_field("Markdown of one paragraph.", "Which yard do you *mean*?", required=True)
    parent_id = id_field("The comment that it replies to.", 30, load_default=None, allow_none=True)


class PatchedCommentSchema(Schema):
    """The new text of a comment."""

    body = text_field("Markdown of one paragraph.", "Which yard do you *mean*?", required=True)
