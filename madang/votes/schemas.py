"""The shape of votes in the API."""

from madang.core.rest.schemas import Schema, whole


class NewVoteSchema(Schema):
    """One's vote as it is to be."""

    value = whole("1 for up, -1 for down (on questions and answers alone), 0 for none.", 1, required=True)


class VoteSchema(Schema):
    """One's own vote, and what it is part of."""

    value = whole("1 for up, -1 for down, 0 for none.", 1)
    score = whole("The score with it.", 4)
