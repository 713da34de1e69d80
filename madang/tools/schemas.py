"""The shapes of what the tools are asked for."""

from madang.core.rest.schemas import Schema, text


class NewWordCountSchema(Schema):
    """What to count: a text, or the page at an address."""

    url = text("The address of a page.", "https://example.org", load_default="")
    text = text("The text.", "Lift it gently and walk slowly.", load_default="")


class NewMailSchema(Schema):
    """An e-mail to send."""

    to = text("One address.", "ann@example.org", required=True)
    subject = text("One line.", "The yard", required=True)
    body = text("The words, without markup.", "Shall we meet at the well?", required=True)
