"""The shapes of tags in the API."""

from madang.core.rest.schemas import ListQuery, Schema, moment, text, whole


class TagSummarySchema(Schema):
    """A tag as lists show it."""

    name = text("The tag.", "python")
    excerpt = text("What it is for, in one sentence.", "A programming language.")
    post_count = whole("How many posts have it.", 42)


class TagSchema(TagSummarySchema):
    """A tag with its description."""

    description = text("What it is for, as Markdown.", "About **Python** 3.")
    description_html = text("The same as HTML that is safe to show.", "<p>About <strong>Python</strong> 3.</p>")
    created_at = moment("When it was first used.")


class TagQuery(ListQuery):
    """Which tags."""

    q = text("Only those with this in their names.", "pyth", load_default="")


class PatchedTagSchema(Schema):
    """What a tag is for; what is left out stays."""

    excerpt = text("In one sentence.", "A programming language.")
    description = text("Markdown.", "About **Python** 3.")
