"""API schemas of votes."""

from madang.core.rest.schemas import Schema, whole


class NewVoteSchema(Schema):
    """The vote to set."""

    value = whole("1 for up, -1 for down (only on questions and answers), 0 for none.", 1, required=True)


class VoteSchema(Schema):
    """Your vote and the score."""

    value = whole("1 for up, -1 for down, 0 for none.", 1)
    score = whole("The score of the post or comment.", 4)
