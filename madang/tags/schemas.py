"""API schemas of tags."""

from madang.core.rest.schemas import ListQuery, Schema, integer_field, moment_field, text_field


class TagSummarySchema(Schema):
    """A tag in a list."""

    name = text_field("The tag.", "python")
    excerpt = text_field("The description in one sentence.", "A programming language.")
    post_count = integer_field("The number of its posts.", 42)


class TagSchema(TagSummarySchema):
    """A tag with its description."""

    description = text_field("The description, as Markdown.", "About **Python** 3.")
    description_html = text_field("The description as sanitised HTML.", "<p>About <strong>Python</strong> 3.</p>")
    created_at = moment_field("When it was first used.")


class TagQuery(ListQuery):
    """Filters of tags."""

    q = text_field("Only tags with this text in their names.", "pyth", load_default="")


class PatchedTagSchema(Schema):
    """Changed descriptions of a tag; fields left out stay as they are."""

    excerpt = text_field("In one sentence.", "A programming language.")
    description = text_field("Markdown.", "About **Python** 3.")
