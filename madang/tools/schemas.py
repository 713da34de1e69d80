"""JSON schemas of the requests of the tools."""

from madang.core.rest.schemas import Schema, text


class NewWordCountSchema(Schema):
    """The text or the address of the page whose words to count."""

    url = text("The address of a page.", "https://example.org", load_default="")
    text = text("The text.", "Lift it gently and walk slowly.", load_default="")


class NewMailSchema(Schema):
    """An e-mail to send."""

    to = text("One address.", "ann@example.org", required=True)
    subject = text("One line.", "The yard", required=True)
    body = text("The plain text.", "Shall we meet at the well?", required=True)
