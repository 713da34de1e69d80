"""The shapes of notifications in the API."""

from marshmallow import fields

from madang.core.rest.schemas import (
    Between,
    ListQuery,
    Schema,
    choice,
    computed,
    counted,
    id_of,
    moment,
    text,
    truth,
    whole,
)

from .models.kinds import KINDS, WHERE
from .models.tables import DIGESTS
from .sentences import sentence

MOST_PER_ANSWER = 500
PAYLOAD = {"url": "/posts/12#answer-13", "actor_ids": [2], "count": 1}


class StreamQuery(Schema):
    """From where on."""

    since = text("Only after this moment: ISO 8601, or seconds since 1970.", "2026-11-21T09:30:00Z", load_default="")
    after = text("Only after this id; `last_id` of the answer before.", "120", load_default="")
    limit = counted("How many at once, at most 500.", 100, load_default=100, validate=Between(1, MOST_PER_ANSWER))


class ToldSchema(Schema):
    """One thing that one was told: an activity, or what a number is now."""

    id = whole("Its place in the order of all that is told.", 121)
    name = text("What kind it is.", "answer_posted")
    payload = fields.Dict(
        keys=fields.String(), metadata={"description": "What it is about, by the kind.", "example": PAYLOAD}
    )
    is_activity = truth("Whether it stands in the list behind the bell.")
    created_at = moment("When it was told.")
    timestamp = computed(
        fields.Float(metadata={"description": "The same in seconds since 1970.", "example": 1795253400.0}),
        lambda row: row.created_at.timestamp(),
    )
    read_at = moment("When it was read.", allow_none=True)


class StreamSchema(Schema):
    """What one was told after a moment or an id, the oldest first."""

    items = fields.List(fields.Nested(ToldSchema), required=True)
    last_id = whole("Send this as `after` to go on.", 121)
    has_more = truth("Whether there is more at once.", False)


class ActivityQuery(ListQuery):
    """Which notifications."""

    unread = truth("Only what one has not read.", load_default=False)


class DoerSchema(Schema):
    """Somebody who did what one is told of."""

    username = text("The name in addresses, or a guest's handle.", "bob")
    display_name = text("What pages call them.", "Bob")
    avatar_url = text("The picture, if there is one.", "/files/5f0c.webp", allow_none=True)


class ActivitySchema(Schema):
    """A line of the list behind the bell; `queries.Line`."""

    id = whole("The notification's number.", 121)
    name = text("What kind it is.", "answer_posted")
    sentence = computed(text("What it says.", "Bob answered your question “How do I move a yard?”"), sentence)
    url = computed(
        text("Where it leads.", "/posts/12#answer-13", allow_none=True), lambda line: line.payload.get("url")
    )
    people = fields.List(fields.Nested(DoerSchema), metadata={"description": "Some of those who did it."})
    count = computed(whole("How many did it.", 1), lambda line: line.payload.get("count", 1))
    is_read = truth("Whether one has read it.", False)
    is_gone = truth("Whether what it was about has been taken away.", False)
    created_at = moment("When it was told.")


class ReadingSchema(Schema):
    """What one has read."""

    post = id_of("Only what was told of this post and its answers.", 12, load_default=None, allow_none=True)


class NotificationPreferencesBase(Schema):
    """Where one wants to be told of what, and how often a summary is mailed; what is left out stays."""

    digest = choice("How often a summary of what one has not read is mailed.", *DIGESTS)


_KINDS = {kind: choice(f"Where one is told of `{kind}`.", *WHERE) for kind in KINDS}
NotificationPreferencesSchema = type(
    "NotificationPreferencesSchema",
    (NotificationPreferencesBase,),
    {**_KINDS, "__doc__": NotificationPreferencesBase.__doc__},
)
