"""API schemas of votes."""

from madang.core.rest.schemas import Schema, integer_field


class NewVoteSchema(Schema):
    """The vote to set."""

    value = integer_field("1 for up, -1 for down (only on questions and answers), 0 for none.", 1, required=True)


class VoteSchema(Schema):
    """Your vote and the score."""

    value = integer_field("1 for up, -1 for down, 0 for none.", 1)
    score = integer_field("The score of the post or comment.", 4)
