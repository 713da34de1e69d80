"""API schemas of revisions."""

from marshmallow import fields
from sqlalchemy import Row

from madang.accounts.schemas import author
from madang.core.rest.schemas import Schema, computed_field, integer_field, moment_field, text_field, text_list_field

from ..queries.diff import WHOLE, DiffLine, diff_lines


class RevisionSummarySchema(Schema):
    """A revision in a list."""

    number = integer_field("The number of the revision; 1 is the original text.", 2)
    title = text_field("The title; empty for an answer.", "How do I move a yard?")
    tags = computed_field(text_list_field("Its tags.", ["python"]), lambda revision: revision.tag_names.split())
    summary = text_field("The editor's summary of the change.", "Say what I tried")
    author = author(metadata={"description": "The author of this revision."})
    created_at = moment_field("When it was written.")


class ChangedLineSchema(Schema):
    """A line of a diff of two texts."""

    kind = text_field(
        "`same`, `added`, `removed`, `gap` for unchanged lines that are left out, or `more` at the end of a long diff.",
        "added",
    )
    text = computed_field(
        text_field("The line.", "I tried to lift it."), lambda line: "".join(part for part, _ in line.segments)
    )
    hidden = integer_field("The number of lines that a gap leaves out.", 0)


def _changes(revision: Row) -> list[DiffLine]:
    return diff_lines(revision.previous_body or "", revision.body, WHOLE)


class RevisionSchema(RevisionSummarySchema):
    """A revision and its changes since the previous one."""

    body = text_field("The text, as Markdown.", "I tried the **obvious** things and none of them worked.")
    changes = computed_field(
        fields.List(
            fields.Nested(ChangedLineSchema),
            metadata={"description": "The diff with the previous body: at most 1,000 lines, 100,000 characters."},
        ),
        _changes,
    )
