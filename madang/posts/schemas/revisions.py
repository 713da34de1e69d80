"""The shapes of a post's earlier texts in the API."""

from typing import Any

from marshmallow import fields

from madang.accounts.schemas import author
from madang.core.rest.schemas import Schema, computed, moment, text, texts, whole

from ..queries.diff import diff_lines


class RevisionSummarySchema(Schema):
    """One text of a post, as the list shows it."""

    number = whole("1 is what was written first.", 2)
    title = text("The title; empty for an answer.", "How do I move a yard?")
    tags = computed(texts("Its tags.", ["python"]), lambda revision: revision.tag_names.split())
    summary = text("What was changed, in the editor's words.", "Say what I tried")
    author = author(metadata={"description": "Who wrote this text."})
    created_at = moment("When it was written.")


class ChangedLineSchema(Schema):
    """A line of a comparison of two texts."""

    kind = text("`same`, `added`, `removed`, or `gap` for lines that are the same and left out.", "added")
    text = computed(text("The line.", "I tried to lift it."), lambda line: "".join(part for part, _ in line.segments))
    hidden = whole("How many lines a gap stands for.", 0)


def _changes(revision: Any) -> list[Any]:
    return diff_lines(revision.previous_body or "", revision.body)


class RevisionSchema(RevisionSummarySchema):
    """One text of a post, and what was changed in the one before it."""

    body = text("The words, as Markdown.", "I tried the **obvious** things and none of them worked.")
    changes = computed(
        fields.List(fields.Nested(ChangedLineSchema), metadata={"description": "The body beside the one before it."}),
        _changes,
    )
