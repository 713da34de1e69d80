"""JSON schemas of flags and verdicts."""

from marshmallow import fields

from madang.accounts.schemas import author
from madang.core.rest.schemas import (
    Schema,
    boolean_field,
    choice_field,
    integer_field,
    integer_map_field,
    moment_field,
    text_field,
    within,
)

from .models import DELETION, REASONS, VERDICTS


class NewFlagSchema(Schema):
    """A flag to set on a post or comment."""

    reason = choice_field("What is wrong with it; `attention` is for anything else.", *REASONS, required=True)
    note = text_field(
        "A note to the moderators; required for `attention`.", "The same text as in post 12.", load_default=""
    )


class FlagSchema(Schema):
    """The caller's open flag."""

    reason = choice_field("What is wrong with it.", *REASONS)
    note = text_field("A note to the moderators.", "The same text as in post 12.")
    created_at = moment_field("When it was flagged first.")


class ReceivedFlagSchema(FlagSchema):
    """A flag as moderators see it, or the request of a question's author to have it deleted."""

    reason = choice_field("What is wrong with it; `deletion` is a request of its author.", *REASONS, DELETION)
    flagger = author(metadata={"description": "Who flagged it."})


class FlaggedSchema(Schema):
    """A post or comment with open flags."""

    post_id = within("row", integer_field("The post's number; null for a comment.", 12, allow_none=True))
    comment_id = within("row", integer_field("The comment's number; null for a post.", 31, allow_none=True))
    on_post_id = within("row", integer_field("The post itself, or the post of the comment.", 12))
    kind = within("row", text_field("The kind of the post, or `comment`.", "answer"))
    title = within("row", text_field("The title of its page.", "How do I move a yard?"))
    excerpt = within(
        "row", text_field("The beginning of a post, or the whole comment.", "Lift it gently and walk slowly.")
    )
    author = within("row", author(metadata={"description": "Who wrote it."}))
    is_deleted = within("row", boolean_field("Whether its author deleted it meanwhile.", False))
    written_at = within("row", moment_field("When it was written."))
    flagged_at = within("row", moment_field("When it was flagged last."))
    flag_count = integer_field("How many flagged it.", 2)
    counts = integer_map_field("The number of flags by reason.", {"spam": 2})
    flags = fields.List(fields.Nested(ReceivedFlagSchema), metadata={"description": "The latest flags, at most 20."})


class VerdictSchema(Schema):
    """A verdict on the open flags of a post or comment."""

    verdict = choice_field("Whether the flags are justified.", *VERDICTS, required=True)
    delete = boolean_field("Whether to delete the post or comment too; only with `upheld`.", False, load_default=False)


class NewDeletionRequestSchema(Schema):
    """A request to have one's own question deleted."""

    note = text_field("Why it should be deleted.", "I named somebody who does not want that.", required=True)


class DeletionRequestSchema(Schema):
    """The caller's latest request to have a question deleted."""

    note = text_field("Why it should be deleted.", "I named somebody who does not want that.")
    created_at = moment_field("When it was asked for first.")
    verdict = choice_field("What the moderators decided; null while the request is open.", *VERDICTS, allow_none=True)
    reply = text_field("What the moderators say to a request that they declined.", "The answers help many people.")
    settled_at = moment_field("When the moderators decided.", allow_none=True)


class DeletionVerdictSchema(Schema):
    """A decision on a request to have a question deleted."""

    verdict = choice_field("Whether the question is deleted.", *VERDICTS, required=True)
    reply = text_field("A sentence to its author; only with `declined`.", "The answers help many.", load_default="")
