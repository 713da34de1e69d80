"""API schemas of posts and answers."""

from madang.accounts.schemas import author
from madang.core.rest.schemas import (
    ListQuery,
    Schema,
    boolean_field,
    choice_field,
    computed_field,
    id_field,
    integer_field,
    moment_field,
    text_field,
    text_list_field,
)

from ..models import CLOSE_REASONS
from ..queries.answers import ANSWER_SORTS
from ..queries.keyset import KEYSETS, KINDS


class PostSummarySchema(Schema):
    """A post in a list."""

    id = integer_field("The post's number.", 12)
    kind = text_field(f"`answer`, or what its board holds: {', '.join(KINDS)}.", "question")
    board = text_field("The board's word in addresses.", "qa", attribute="board_slug")
    title = text_field("The title; empty for an answer.", "How do I move a yard?")
    excerpt = text_field("The beginning of the text, without formatting.", "I tried the obvious things")
    tags = computed_field(text_list_field("Its tags.", ["python"]), lambda post: post.tag_names.split())
    author = author(metadata={"description": "Who wrote it."})
    score = integer_field("Votes up minus votes down.", 3)
    answer_count = integer_field("How many answers it has.", 1)
    comment_count = integer_field("How many comments it has.", 2)
    view_count = integer_field("How often it was read.", 40)
    accepted_answer_id = integer_field("The accepted answer, if there is one.", 13, allow_none=True)
    parent_id = integer_field("The question that an answer belongs to.", 12, allow_none=True)
    version = integer_field("Grows with every edit.", 1)
    is_pinned = boolean_field("Whether it is pinned to the top of its board.", False)
    is_closed = boolean_field("Whether it takes no more answers.", False)
    is_locked = boolean_field("Whether only moderators can change it.", False)
    is_deleted = boolean_field("Whether it was deleted; only staff can see deleted posts.", False)
    close_reason = text_field("Why it was closed.", "duplicate", allow_none=True)
    created_at = moment_field("When it was written.")
    edited_at = moment_field("When it was last edited.", allow_none=True)
    last_activity_at = moment_field("When it was last active: written, edited, answered or commented on.")


class PostSchema(PostSummarySchema):
    """A post with its text."""

    body = text_field("The text, as Markdown.", "I tried the **obvious** things and none of them worked.")
    body_html = text_field("The text as sanitised HTML.", "<p>I tried the <strong>obvious</strong> things.</p>")


class LinkedPostSchema(Schema):
    """A post that links to another, or that another links to."""

    id = integer_field("The post's number.", 7)
    title = text_field("The title.", "How does one carry a yard?")
    score = integer_field("Votes up minus votes down.", 5)
    is_original = boolean_field("Whether the other post is a duplicate of it.", False)


class PostQuery(ListQuery):
    """Filters and order of posts."""

    sort = choice_field("The order; with an author or a tag it is always `newest`.", *KEYSETS, load_default="newest")
    board = text_field("Only of this board.", "qa", load_default=None)
    kind = choice_field("Only of this kind.", *KINDS, load_default=None)
    tag = text_field("Only with this tag.", "python", load_default=None)
    author = text_field("Only by this person.", "ann", load_default=None)


class AnswerQuery(ListQuery):
    """Order of answers."""

    sort = choice_field("The order.", *ANSWER_SORTS, load_default="votes")


class NewPostSchema(Schema):
    """A post to write."""

    board = text_field("The board's word in addresses.", "qa", required=True)
    title = text_field("2 to 150 characters; a site may want more.", "How do I move a yard?", required=True)
    body = text_field("Markdown.", "I tried the **obvious** things and none of them worked.", required=True)
    tags = text_list_field("Up to five tags.", ["python"], load_default=list)


class EditedPostSchema(Schema):
    """The new text of a post; an answer has neither title nor tags."""

    title = text_field("2 to 150 characters; a site may want more.", "How do I move a yard?", load_default="")
    body = text_field("Markdown.", "I tried the **obvious** things and none of them worked.", required=True)
    tags = text_list_field("Up to five tags.", ["python"], load_default=list)
    summary = text_field("What was changed, for the list of revisions.", "Say what I tried", load_default="")


class PatchedPostSchema(Schema):
    """Changed fields of a post; fields left out stay as they are."""

    title = text_field("2 to 150 characters; a site may want more.", "How do I move a yard?")
    body = text_field("Markdown.", "I tried the **obvious** things and none of them worked.")
    tags = text_list_field("Up to five tags.", ["python"])
    summary = text_field("What was changed, for the list of revisions.", "Say what I tried")


class NewAnswerSchema(Schema):
    """An answer to write."""

    body = text_field("Markdown.", "Lift it gently and walk slowly.", required=True)


class ClosingSchema(Schema):
    """Why a question is closed."""

    reason = choice_field("Why it takes no more answers.", *CLOSE_REASONS, required=True)
    duplicate_of = id_field("The original question, for the reason `duplicate`.", 7, load_default=None, allow_none=True)


class PlaceSchema(Schema):
    """The board to move a post to."""

    board = text_field("The board's word in addresses.", "talk", required=True)
