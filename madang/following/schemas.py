"""JSON schemas of feeds and follows."""

from marshmallow import fields
from sqlalchemy import Row

from madang.accounts.queries.users import avatar_url
from madang.accounts.schemas import author, staff_role_field
from madang.core.rest.schemas import (
    ListQuery,
    Schema,
    boolean_field,
    choice_field,
    computed_field,
    integer_field,
    moment_field,
    text_field,
    text_list_field,
)

from .models import BOARD, KINDS, PERSON, TAG


class WhySchema(Schema):
    """The reason why a post is in the feed."""

    kind = text_field("What is followed: `person`, `question`, `tag` or `board`.", "tag")
    name = text_field("Its name in addresses: username, tag or board; null for a question.", "python", allow_none=True)


def _why(row: Row) -> dict[str, object]:
    names = {TAG: row.reason_tag, BOARD: row.reason_board, PERSON: row.author_username}
    return {"kind": row.reason_kind, "name": names.get(row.reason_kind)}


class FeedPostSchema(Schema):
    """A post in the caller's feed."""

    id = integer_field("The post's number.", 12)
    kind = text_field("`question`, `answer`, `talk`, `notice` or `gallery`.", "question")
    title = text_field("The title; an answer has its question's.", "How do I move a yard?")
    excerpt = text_field("The beginning of the text, without markup.", "I tried the obvious things")
    tags = computed_field(
        text_list_field("Its tags; an answer has its question's.", ["python"]), lambda row: row.tag_names.split()
    )
    author = author(metadata={"description": "Who wrote it."})
    score = integer_field("Votes up minus votes down.", 3)
    answer_count = integer_field("How many answers it has.", 1)
    comment_count = integer_field("How many comments it has.", 2)
    created_at = moment_field("When it was written.")
    why = computed_field(fields.Nested(WhySchema, metadata={"description": "The reason why it is in the feed."}), _why)


class FollowerSchema(Schema):
    """A person who follows or is followed."""

    username = text_field("The name in addresses.", "bob")
    display_name = text_field("What pages call them.", "Bob")
    avatar_url = computed_field(
        text_field("The picture, if there is one.", "/files/5f0c.webp", allow_none=True),
        lambda row: avatar_url(row.avatar_file),
    )
    staff_role = staff_role_field()
    reputation = integer_field("The sum over votes and acceptances.", 120)


class FollowedQuery(ListQuery):
    """Query parameters of the list of what the caller follows."""

    kind = choice_field("The kind of what is followed.", *(kind for kind in KINDS if kind != PERSON), required=True)


class FollowedSchema(Schema):
    """A tag, board or question that the caller follows."""

    id = integer_field("Its number among its kind.", 4)
    word = text_field("A tag's name, a board's name in addresses, or a question's title.", "python")
    name = text_field("What pages call it.", "python")
    description = computed_field(text_field("A short description.", "All about Python."), lambda row: row.words)


class FollowStateSchema(Schema):
    """Whether the caller follows a person, tag, board or question."""

    is_following = boolean_field("Whether the caller follows it.")
