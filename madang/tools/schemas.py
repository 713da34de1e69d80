"""JSON schemas of the requests of the tools."""

from madang.core.rest.schemas import Schema, text_field


class NewWordCountSchema(Schema):
    """The text or the address of the page whose words to count."""

    url = text_field("The address of a page.", "https://example.org", load_default="")
    text = text_field("The text.", "Lift it gently and walk slowly.", load_default="")


class NewMailSchema(Schema):
    """An e-mail to send."""

    to = text_field("One address.", "ann@example.org", required=True)
    subject = text_field("One line.", "The yard", required=True)
    body = text_field("The plain text.", "Shall we meet at the well?", required=True)
