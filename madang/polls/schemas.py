"""API schemas of polls."""

from marshmallow import fields

from madang.core.rest.schemas import (
    Schema,
    boolean_field,
    choice_field,
    id_field,
    integer_field,
    moment_field,
    text_field,
    text_list_field,
)

from .models import AFTER_VOTING, ALWAYS, CHOICES_MAX, CHOICES_MIN, QUESTION_MAX, QUESTION_MIN


class PollChoiceSchema(Schema):
    """A choice of a poll."""

    id = integer_field("Its number, for a vote.", 31)
    text = text_field("What it says.", "The yard")
    vote_count = integer_field("How many people chose it; null while the results are hidden.", 4, allow_none=True)
    is_mine = boolean_field("Whether you chose it.", False)


class PollSchema(Schema):
    """A poll."""

    post_id = integer_field("The number of its post.", 12)
    question = text_field("The question.", "Where shall we meet?")
    choices = fields.List(fields.Nested(PollChoiceSchema), metadata={"description": "Its choices, in order."})
    is_multiple = boolean_field("Whether people may choose more than one.", False)
    results = choice_field("When people see the results; all see them when it has ended.", ALWAYS, AFTER_VOTING)
    closes_at = moment_field("When it ends or ended; null for never.", allow_none=True)
    is_ended = boolean_field("Whether it has ended.", False)
    voter_count = integer_field("How many people voted.", 7)
    version = integer_field("Grows with every change of the poll; votes do not change it.", 1)


class NewPollSchema(Schema):
    """A poll to write."""

    question = text_field(f"{QUESTION_MIN} to {QUESTION_MAX} characters.", "Where shall we meet?", required=True)
    choices = text_list_field(f"{CHOICES_MIN} to {CHOICES_MAX} choices.", ["The yard", "The garden"], required=True)
    is_multiple = boolean_field("Whether people may choose more than one.", False, load_default=False)
    results = choice_field("When people see the results.", ALWAYS, AFTER_VOTING, load_default=ALWAYS)
    closes_at = moment_field("When it ends; null for never.", allow_none=True, load_default=None)


class NewPollVoteSchema(Schema):
    """The choices to vote for."""

    choice_ids = fields.List(
        id_field("The number of a choice.", 31),
        required=True,
        metadata={"description": "The numbers of the choices; one unless `is_multiple`.", "example": [31]},
    )
