"""API schemas of posts and answers."""

from madang.accounts.schemas import author
from madang.core.rest.schemas import ListQuery, Schema, choice, computed, id_of, moment, text, texts, truth, whole

from ..models import CLOSE_REASONS
from ..queries.answers import ANSWER_SORTS
from ..queries.keyset import KEYSET_ORDERS, KINDS


class PostSummarySchema(Schema):
    """A post in a list."""

    id = whole("The post's number.", 12)
    kind = text(f"`answer`, or what its board holds: {', '.join(KINDS)}.", "question")
    board = text("The board's word in addresses.", "qa", attribute="board_slug")
    title = text("The title; empty for an answer.", "How do I move a yard?")
    excerpt = text("The beginning of the text, without formatting.", "I tried the obvious things")
    tags = computed(texts("Its tags.", ["python"]), lambda post: post.tag_names.split())
    author = author(metadata={"description": "Who wrote it."})
    score = whole("Votes up minus votes down.", 3)
    answer_count = whole("How many answers it has.", 1)
    comment_count = whole("How many comments it has.", 2)
    view_count = whole("How often it was read.", 40)
    accepted_answer_id = whole("The accepted answer, if there is one.", 13, allow_none=True)
    parent_id = whole("The question that an answer belongs to.", 12, allow_none=True)
    version = whole("Grows with every edit.", 1)
    is_pinned = truth("Whether it is pinned to the top of its board.", False)
    is_closed = truth("Whether it takes no more answers.", False)
    is_locked = truth("Whether only moderators can change it.", False)
    is_deleted = truth("Whether it was deleted; only staff can see deleted posts.", False)
    close_reason = text("Why it was closed.", "duplicate", allow_none=True)
    created_at = moment("When it was written.")
    edited_at = moment("When it was last edited.", allow_none=True)
    last_activity_at = moment("When it was last active: written, edited, answered or commented on.")


class PostSchema(PostSummarySchema):
    """A post with its text."""

    body = text("The text, as Markdown.", "I tried the **obvious** things and none of them worked.")
    body_html = text("The text as sanitised HTML.", "<p>I tried the <strong>obvious</strong> things.</p>")


class LinkedPostSchema(Schema):
    """A post that links to another, or that another links to."""

    id = whole("The post's number.", 7)
    title = text("The title.", "How does one carry a yard?")
    score = whole("Votes up minus votes down.", 5)
    is_original = truth("Whether the other post is a duplicate of it.", False)


class PostQuery(ListQuery):
    """Filters and order of posts."""

    sort = choice("The order; with an author or a tag it is always `newest`.", *KEYSET_ORDERS, load_default="newest")
    board = text("Only of this board.", "qa", load_default=None)
    kind = choice("Only of this kind.", *KINDS, load_default=None)
    tag = text("Only with this tag.", "python", load_default=None)
    author = text("Only by this person.", "ann", load_default=None)


class AnswerQuery(ListQuery):
    """Order of answers."""

    sort = choice("The order.", *ANSWER_SORTS, load_default="votes")


class NewPostSchema(Schema):
    """A post to write."""

    board = text("The board's word in addresses.", "qa", required=True)
    title = text("5 to 150 characters.", "How do I move a yard?", required=True)
    body = text("Markdown.", "I tried the **obvious** things and none of them worked.", required=True)
    tags = texts("Up to five tags.", ["python"], load_default=list)


class EditedPostSchema(Schema):
    """The new text of a post; an answer has neither title nor tags."""

    title = text("5 to 150 characters.", "How do I move a yard?", load_default="")
    body = text("Markdown.", "I tried the **obvious** things and none of them worked.", required=True)
    tags = texts("Up to five tags.", ["python"], load_default=list)
    summary = text("What was changed, for the list of revisions.", "Say what I tried", load_default="")


class PatchedPostSchema(Schema):
    """Changed fields of a post; fields left out stay as they are."""

    title = text("5 to 150 characters.", "How do I move a yard?")
    body = text("Markdown.", "I tried the **obvious** things and none of them worked.")
    tags = texts("Up to five tags.", ["python"])
    summary = text("What was changed, for the list of revisions.", "Say what I tried")


class NewAnswerSchema(Schema):
    """An answer to write."""

    body = text("Markdown.", "Lift it gently and walk slowly.", required=True)


class ClosingSchema(Schema):
    """Why a question is closed."""

    reason = choice("Why it takes no more answers.", *CLOSE_REASONS, required=True)
    duplicate_of = id_of("The original question, for the reason `duplicate`.", 7, load_default=None, allow_none=True)


class PlaceSchema(Schema):
    """The board to move a post to."""

    board = text("The board's word in addresses.", "talk", required=True)
