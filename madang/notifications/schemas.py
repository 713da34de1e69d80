"""JSON schemas of notifications, the stream and preferences."""

from marshmallow import fields

from madang.accounts.schemas import staff_role_field
from madang.core.rest.schemas import (
    Between,
    ListQuery,
    Schema,
    boolean_field,
    choice_field,
    computed_field,
    id_field,
    integer_field,
    moment_field,
    query_integer_field,
    text_field,
)

from .kinds import CHANNELS, KINDS
from .models.tables import DIGESTS
from .sentences import line_sentence

MAX_PER_RESPONSE = 500
PAYLOAD_EXAMPLE = {"url": "/posts/12#answer-13", "actor_ids": [2], "count": 1}


class StreamQuery(Schema):
    """Query parameters of the stream: where to start, and how many events."""

    since = text_field(
        "Only events after this moment: ISO 8601, or seconds since 1970.", "2026-11-21T09:30:00Z", load_default=""
    )
    after = text_field("Only events after this id: `last_id` of the previous response.", "120", load_default="")
    limit = query_integer_field(
        "How many events, at most 500.", 100, load_default=100, validate=Between(1, MAX_PER_RESPONSE)
    )


class ToldSchema(Schema):
    """An event of the stream: an activity, or the current value of a state such as an unread count."""

    id = integer_field("The event's number, in the order of the stream.", 121)
    name = text_field("The kind of event.", "answer_posted")
    payload = fields.Dict(
        keys=fields.String(), metadata={"description": "Details, which depend on the kind.", "example": PAYLOAD_EXAMPLE}
    )
    is_activity = boolean_field("Whether it is listed behind the bell.")
    created_at = moment_field("When it was created.")
    timestamp = computed_field(
        fields.Float(metadata={"description": "`created_at` in seconds since 1970.", "example": 1795253400.0}),
        lambda row: row.created_at.timestamp(),
    )
    read_at = moment_field("When it was read.", allow_none=True)


class StreamSchema(Schema):
    """Events after a moment or an id, the oldest first."""

    items = fields.List(fields.Nested(ToldSchema), required=True)
    last_id = integer_field("Send this as `after` to get the next events.", 121)
    has_more = boolean_field("Whether there are more events now.", False)


class ActivityQuery(ListQuery):
    """Query parameters of the list of notifications."""

    unread = boolean_field("Only unread notifications.", load_default=False)


class DoerSchema(Schema):
    """A person who caused a notification."""

    username = text_field("The name in addresses, or a guest's handle.", "bob")
    display_name = text_field("What pages call them.", "Bob")
    avatar_url = text_field("The picture, if there is one.", "/files/5f0c.webp", allow_none=True)
    staff_role = staff_role_field()


class ActivitySchema(Schema):
    """A notification in the list behind the bell."""

    id = integer_field("The notification's number.", 121)
    name = text_field("The kind of event.", "answer_posted")
    sentence = computed_field(
        text_field("The notification in words.", "Bob answered your question “How do I move a yard?”"), line_sentence
    )
    url = computed_field(
        text_field("The path of what it is about.", "/posts/12#answer-13", allow_none=True),
        lambda line: line.payload.get("url"),
    )
    people = fields.List(fields.Nested(DoerSchema), metadata={"description": "Some of the people who caused it."})
    count = computed_field(integer_field("How many people caused it.", 1), lambda line: line.payload.get("count", 1))
    is_read = boolean_field("Whether it was read.", False)
    is_gone = boolean_field("Whether the post or comment that it is about was deleted.", False)
    created_at = moment_field("When it was created.")


class ReadingSchema(Schema):
    """Which notifications to mark as read."""

    post = id_field("Only notifications about this post and its answers.", 12, load_default=None, allow_none=True)


class NotificationPreferencesBase(Schema):
    """The channel of each kind of notification, and how often a digest is mailed; absent fields stay unchanged."""

    digest = choice_field("How often a digest of unread notifications is mailed.", *DIGESTS)


_KINDS = {kind: choice_field(f"The channel of `{kind}`.", *CHANNELS) for kind in KINDS}
NotificationPreferencesSchema = type(
    "NotificationPreferencesSchema",
    (NotificationPreferencesBase,),
    {**_KINDS, "__doc__": NotificationPreferencesBase.__doc__},
)
