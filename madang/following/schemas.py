"""JSON schemas of feeds and follows."""

from marshmallow import fields
from sqlalchemy import Row

from madang.accounts.queries.users import avatar_url
from madang.accounts.schemas import author
from madang.core.rest.schemas import ListQuery, Schema, choice, computed, moment, text, texts, truth, whole

from .models import BOARD, KINDS, PERSON, TAG


class WhySchema(Schema):
    """The reason why a post is in the feed."""

    kind = text("What is followed: `person`, `question`, `tag` or `board`.", "tag")
    name = text("Its name in addresses: username, tag or board; null for a question.", "python", allow_none=True)


def _why(row: Row) -> dict[str, object]:
    names = {TAG: row.reason_tag, BOARD: row.reason_board, PERSON: row.author_username}
    return {"kind": row.reason_kind, "name": names.get(row.reason_kind)}


class FeedPostSchema(Schema):
    """A post in the caller's feed."""

    id = whole("The post's number.", 12)
    kind = text("`question`, `answer`, `talk`, `notice` or `gallery`.", "question")
    title = text("The title; an answer has its question's.", "How do I move a yard?")
    excerpt = text("The beginning of the text, without markup.", "I tried the obvious things")
    tags = computed(texts("Its tags; an answer has its question's.", ["python"]), lambda row: row.tag_names.split())
    author = author(metadata={"description": "Who wrote it."})
    score = whole("Votes up minus votes down.", 3)
    answer_count = whole("How many answers it has.", 1)
    comment_count = whole("How many comments it has.", 2)
    created_at = moment("When it was written.")
    why = computed(fields.Nested(WhySchema, metadata={"description": "The reason why it is in the feed."}), _why)


class FollowerSchema(Schema):
    """A person who follows or is followed."""

    username = text("The name in addresses.", "bob")
    display_name = text("What pages call them.", "Bob")
    avatar_url = computed(
        text("The picture, if there is one.", "/files/5f0c.webp", allow_none=True),
        lambda row: avatar_url(row.avatar_file),
    )
    reputation = whole("The sum over votes and acceptances.", 120)


class FollowedQuery(ListQuery):
    """Query parameters of the list of what the caller follows."""

    kind = choice("The kind of what is followed.", *(kind for kind in KINDS if kind != PERSON), required=True)


class FollowedSchema(Schema):
    """A tag, board or question that the caller follows."""

    id = whole("Its number among its kind.", 4)
    word = text("A tag's name, a board's name in addresses, or a question's title.", "python")
    name = text("What pages call it.", "python")
    description = computed(text("A short description.", "All about Python."), lambda row: row.words)


class FollowStateSchema(Schema):
    """Whether the caller follows a person, tag, board or question."""

    is_following = truth("Whether the caller follows it.")
