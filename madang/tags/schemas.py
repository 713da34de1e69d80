"""API schemas of tags."""

from madang.core.rest.schemas import ListQuery, Schema, moment, text, whole


class TagSummarySchema(Schema):
    """A tag in a list."""

    name = text("The tag.", "python")
    excerpt = text("The description in one sentence.", "A programming language.")
    post_count = whole("The number of its posts.", 42)


class TagSchema(TagSummarySchema):
    """A tag with its description."""

    description = text("The description, as Markdown.", "About **Python** 3.")
    description_html = text("The description as sanitised HTML.", "<p>About <strong>Python</strong> 3.</p>")
    created_at = moment("When it was first used.")


class TagQuery(ListQuery):
    """Filters of tags."""

    q = text("Only tags with this text in their names.", "pyth", load_default="")


class PatchedTagSchema(Schema):
    """Changed descriptions of a tag; fields left out stay as they are."""

    excerpt = text("In one sentence.", "A programming language.")
    description = text("Markdown.", "About **Python** 3.")
