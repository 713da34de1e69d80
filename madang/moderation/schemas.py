"""The shapes of flags in the API."""

from marshmallow import fields

from madang.accounts.schemas import author
from madang.core.rest.schemas import Schema, choice, moment, text, truth, whole, within

from .models import REASONS, VERDICTS


class NewFlagSchema(Schema):
    """Why the moderators should look at something."""

    reason = choice("What is wrong with it; `attention` is for anything else.", *REASONS, required=True)
    note = text("What they should know; `attention` needs one.", "The same text as in post 12.", load_default="")


class FlagSchema(Schema):
    """One's own flag that nobody has decided about yet."""

    reason = choice("What is wrong with it.", *REASONS)
    note = text("What the moderators should know.", "The same text as in post 12.")
    created_at = moment("When it was flagged first.")


class ReceivedFlagSchema(FlagSchema):
    """A flag, as moderators see it."""

    flagger = author(metadata={"description": "Who flagged it."})


class FlaggedSchema(Schema):
    """A post or a comment that waits for the moderators; `queries.Flagged`."""

    post_id = within("row", whole("The post's number; null for a comment.", 12, allow_none=True))
    comment_id = within("row", whole("The comment's number; null for a post.", 31, allow_none=True))
    on_post_id = within("row", whole("The post itself, or that under which the comment stands.", 12))
    kind = within("row", text("The kind of the post, or `comment`.", "answer"))
    title = within("row", text("The title of the page where it stands.", "How do I move a yard?"))
    excerpt = within("row", text("How it begins; the whole comment.", "Lift it gently and walk slowly."))
    author = within("row", author(metadata={"description": "Who wrote it."}))
    is_deleted = within("row", truth("Whether its author has deleted it meanwhile.", False))
    written_at = within("row", moment("When it was written."))
    flagged_at = within("row", moment("When it was flagged last."))
    flag_count = whole("How many flagged it.", 2)
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "How many for which reason.", "example": {"spam": 2}},
    )
    flags = fields.List(fields.Nested(ReceivedFlagSchema), metadata={"description": "The latest flags, at most 20."})


class VerdictSchema(Schema):
    """What a moderator decides about the open flags of a thing."""

    verdict = choice("Whether those who flagged it are right.", *VERDICTS, required=True)
    delete = truth("Whether to delete the thing too; with `upheld`.", False, load_default=False)
