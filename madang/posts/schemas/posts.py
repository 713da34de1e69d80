"""The shapes of posts in the API."""

from madang.accounts.schemas import author
from madang.core.rest.schemas import ListQuery, Schema, choice, computed, id_of, moment, text, texts, truth, whole

from ..models import CLOSE_REASONS
from ..queries.answers import ANSWER_SORTS
from ..queries.keyset import KEYSET_ORDERS, KINDS


class PostSummarySchema(Schema):
    """A post as lists show it."""

    id = whole("The post's number.", 12)
    kind = text(f"`answer`, or what its board holds: {', '.join(KINDS)}.", "question")
    board = text("The board's word in addresses.", "qa", attribute="board_slug")
    title = text("The title; empty for an answer.", "How do I move a yard?")
    excerpt = text("How it begins, without marks.", "I tried the obvious things")
    tags = computed(texts("Its tags.", ["python"]), lambda post: post.tag_names.split())
    author = author(metadata={"description": "Who wrote it."})
    score = whole("Votes up minus votes down.", 3)
    answer_count = whole("How many answers it has.", 1)
    comment_count = whole("How many comments it has.", 2)
    view_count = whole("How often it was read.", 40)
    accepted_answer_id = whole("The answer that helped, if one is marked.", 13, allow_none=True)
    parent_id = whole("The question that an answer answers.", 12, allow_none=True)
    version = whole("Grows with every edit.", 1)
    is_pinned = truth("Whether it stays on top of its board.", False)
    is_closed = truth("Whether it takes no more answers.", False)
    is_locked = truth("Whether only moderators can change it.", False)
    is_deleted = truth("Whether it was deleted; staff alone sees such posts.", False)
    close_reason = text("Why it was closed.", "duplicate", allow_none=True)
    created_at = moment("When it was written.")
    edited_at = moment("When its words last changed.", allow_none=True)
    last_activity_at = moment("When something last happened to it.")


class PostSchema(PostSummarySchema):
    """A post with its words."""

    body = text("The words, as Markdown.", "I tried the **obvious** things and none of them worked.")
    body_html = text("The words as HTML that is safe to show.", "<p>I tried the <strong>obvious</strong> things.</p>")


class LinkedPostSchema(Schema):
    """A post that links to another, or that another links to."""

    id = whole("The post's number.", 7)
    title = text("The title.", "How does one carry a yard?")
    score = whole("Votes up minus votes down.", 5)
    is_original = truth("Whether the other one repeats it.", False)


class PostQuery(ListQuery):
    """Which posts."""

    sort = choice(
        "The order; an author's and a tag's posts are sorted by `newest` alone.", *KEYSET_ORDERS, load_default="newest"
    )
    board = text("Only of this board.", "qa", load_default=None)
    kind = choice("Only of this kind.", *KINDS, load_default=None)
    tag = text("Only with this tag.", "python", load_default=None)
    author = text("Only by this person.", "ann", load_default=None)


class AnswerQuery(ListQuery):
    """Which answers."""

    sort = choice("The order.", *ANSWER_SORTS, load_default="votes")


class NewPostSchema(Schema):
    """A post to write."""

    board = text("The board's word in addresses.", "qa", required=True)
    title = text("5 to 150 characters.", "How do I move a yard?", required=True)
    body = text("Markdown.", "I tried the **obvious** things and none of them worked.", required=True)
    tags = texts("Up to five tags.", ["python"], load_default=list)


class EditedPostSchema(Schema):
    """The new words of a post; an answer has neither title nor tags."""

    title = text("5 to 150 characters.", "How do I move a yard?", load_default="")
    body = text("Markdown.", "I tried the **obvious** things and none of them worked.", required=True)
    tags = texts("Up to five tags.", ["python"], load_default=list)
    summary = text("What was changed, for the list of revisions.", "Say what I tried", load_default="")


class PatchedPostSchema(Schema):
    """Some new words of a post; what is left out stays."""

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
    duplicate_of = id_of(
        "The question that it repeats: for the reason `duplicate`.", 7, load_default=None, allow_none=True
    )


class PlaceSchema(Schema):
    """Where a post goes."""

    board = text("The board's word in addresses.", "talk", required=True)
