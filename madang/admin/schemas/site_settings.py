"""API schemas of the rules and of the steps after the setup."""

from madang.core.rest.schemas import Schema, boolean_field, text_field


class StepSchema(Schema):
    """A step after the setup."""

    name = text_field("Its name for programs: `mail`, `boards`, `rules`, `people` or `backup`.", "rules")
    is_done = boolean_field("Whether the state of the site shows that it is done.")
    title = text_field("What to do, in the caller's language.", "Write the rules")
    description = text_field("More about it.", "What is welcome and what is not.")
    path = text_field("The page where it is done, if there is one.", "/admin/rules", allow_none=True)
    command = text_field("The command that does it, if there is one.", "madang check", allow_none=True)


class RulesSchema(Schema):
    """The rules of the site."""

    text = text_field("In Markdown; empty if there are none.", "Be **kind**.", required=True)
