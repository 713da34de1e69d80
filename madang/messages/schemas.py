"""JSON schemas of conversations, messages, blocks and reports."""

from collections.abc import Callable

from marshmallow import fields
from sqlalchemy import Row

from madang.accounts.queries.users import avatar_url, shown_name
from madang.accounts.schemas import PersonSchema
from madang.core.actor import GUEST, staff_role
from madang.core.rest.schemas import (
    ListQuery,
    Schema,
    boolean_field,
    choice_field,
    computed_field,
    integer_field,
    moment_field,
    query_integer_field,
    text_field,
    text_list_field,
)


class CorrespondentSchema(PersonSchema):
    """A person in a conversation: an account, or a guest by handle."""

    username = text_field("The name to write to: a username, or a guest's handle.", "bob", allow_none=True)
    is_guest = boolean_field("Whether it is a guest.", False)


class MemberSchema(CorrespondentSchema):
    """A member of a conversation."""

    has_left = boolean_field("Whether they have left.", False)
    last_read_message_id = integer_field("The last message that they have read.", 40)
    last_message_read_at = moment_field("When they last read.", allow_none=True)


def _serialise_person(row: Row, prefix: str = "author") -> dict[str, object] | None:
    """Serialise the person in the row's columns `<prefix>_...`; None if they were deleted."""
    username = getattr(row, f"{prefix}_username")
    if username is None or getattr(row, f"{prefix}_is_deleted"):
        return None
    role, avatar_file = getattr(row, f"{prefix}_role"), getattr(row, f"{prefix}_avatar_file", None)
    return {
        "username": username,
        "display_name": shown_name(username, getattr(row, f"{prefix}_display_name"), role),
        "avatar_url": avatar_url(avatar_file),
        "staff_role": staff_role(role),
        "is_guest": role == GUEST,
    }


def _serialise_member(row: Row) -> dict[str, object]:
    nobody = dict.fromkeys(("username", "display_name", "avatar_url", "staff_role"))
    deleted: dict[str, object] = {**nobody, "is_guest": False}
    return {
        **(_serialise_person(row) or deleted),
        "has_left": row.left_at is not None,
        "last_read_message_id": row.last_read_message_id,
        "last_message_read_at": row.last_message_read_at,
    }


def person_field(
    description: str, get_row: Callable[..., Row] = lambda details: details.row, prefix: str = "author"
) -> fields.Nested:
    """Field of the person in a row's columns `<prefix>_...`; null for the site and for deleted people."""
    nested = fields.Nested(CorrespondentSchema, allow_none=True, metadata={"description": description})
    return computed_field(nested, lambda details: _serialise_person(get_row(details), prefix))


class ConversationSummarySchema(Schema):
    """A conversation in the caller's inbox."""

    id = computed_field(integer_field("The conversation's number.", 5), lambda line: line.row.id)
    name = text_field("What it is called: its title, or its people.", "Bob")
    title = computed_field(text_field("Its title; empty if it has none.", ""), lambda line: line.row.title)
    is_group = computed_field(boolean_field("Whether more than two take part.", False), lambda line: line.row.is_group)
    is_system = computed_field(
        boolean_field("Whether it is the site's conversation with the caller.", False), lambda line: line.row.is_system
    )
    is_muted = computed_field(boolean_field("Whether the caller has muted it.", False), lambda line: line.row.is_muted)
    unread_count = computed_field(
        integer_field("Messages that the caller has not read.", 2), lambda line: line.row.unread_count
    )
    excerpt = text_field("How the last message begins.", "Shall we meet at the well?")
    is_mine = boolean_field("Whether the caller wrote the last message.", False)
    last_message_at = computed_field(moment_field("When somebody last wrote."), lambda line: line.row.last_message_at)
    people = computed_field(
        fields.List(fields.Nested(MemberSchema), metadata={"description": "The other members, present and former."}),
        lambda line: [_serialise_member(row) for row in line.people],
    )


class ConversationSchema(Schema):
    """A conversation."""

    id = computed_field(integer_field("The conversation's number.", 5), lambda details: details.conversation.id)
    name = text_field("What it is called: its title, or its people.", "Bob")
    title = computed_field(
        text_field("Its title; empty if it has none.", ""), lambda details: details.conversation.title
    )
    is_group = computed_field(
        boolean_field("Whether more than two take part.", False), lambda details: details.conversation.is_group
    )
    is_system = computed_field(
        boolean_field("Whether it is the site's conversation with the caller.", False),
        lambda details: details.conversation.is_system,
    )
    is_muted = computed_field(
        boolean_field("Whether the caller has muted it.", False), lambda details: details.me.is_muted
    )
    unread_count = computed_field(
        integer_field("Messages that the caller has not read.", 2), lambda details: details.me.unread_count
    )
    last_message_at = computed_field(
        moment_field("When somebody last wrote."), lambda details: details.conversation.last_message_at
    )
    can_post = boolean_field("Whether the caller can write here.")
    closed = text_field("Why nobody would read a new message.", "Everybody else has left.", allow_none=True)
    people = computed_field(
        fields.List(fields.Nested(MemberSchema), metadata={"description": "All members, present and former."}),
        lambda details: [_serialise_member(row) for row in details.people],
    )


class MessageSchema(Schema):
    """A message."""

    id = computed_field(integer_field("The message's number.", 40), lambda details: details.row.id)
    conversation_id = computed_field(
        integer_field("The number of its conversation.", 5), lambda details: details.row.conversation_id
    )
    author = person_field("Who wrote it; null for the site and for deleted people.")
    body = computed_field(
        text_field("The text as Markdown.", "Shall we meet at the **well**?"), lambda details: details.row.body
    )
    body_html = computed_field(
        text_field("The text as sanitised HTML.", "<p>Shall we meet at the <strong>well</strong>?</p>"),
        lambda details: details.row.body_html,
    )
    is_mine = boolean_field("Whether the caller wrote it.", False)
    is_system = boolean_field("Whether the site wrote it.", False)
    is_blocked = boolean_field("Whether the caller has blocked its author: pages collapse it.", False)
    is_saved = boolean_field("Whether the caller has saved it for later.", False)
    can_report = boolean_field("Whether the caller can report it to the moderators.")
    read_by = text_field("Who has read the caller's own message, in words.", "Read")
    created_at = computed_field(moment_field("When it was written."), lambda details: details.row.created_at)


class MessageQuery(ListQuery):
    """Query parameters of a list of messages."""

    sort = choice_field("The order.", "newest", "oldest", load_default="newest")
    after = query_integer_field("Only messages after this one; with `oldest`.", 40, load_default=0)


class NewConversationSchema(Schema):
    """A new message to one or several people. Two people have one conversation, which is continued."""

    to = text_list_field("Usernames, or guests' handles.", ["bob"], required=True)
    title = text_field("The title of the conversation.", "The yard", load_default="")
    body = text_field("Markdown.", "Shall we meet at the **well**?", required=True)


class NewMessageSchema(Schema):
    """A message to post."""

    body = text_field("Markdown.", "Shall we meet at the **well**?", required=True)


class NewMessageReportSchema(Schema):
    """The reason for reporting a message."""

    reason = text_field("What is wrong with it, in a few words.", "It is an advertisement.", required=True)


class BlockSchema(Schema):
    """A person whom the caller has blocked."""

    person = person_field("The blocked person.", lambda row: row)
    created_at = moment_field("When they were blocked.")


class MessageReportSchema(Schema):
    """A message that was reported to the moderators."""

    id = integer_field("The report's number.", 3)
    reason = text_field("What is wrong with it.", "It is an advertisement.")
    body_html = text_field("The message as sanitised HTML.", "<p>Buy a yard!</p>")
    author = person_field("Who wrote it; null for deleted people.", lambda row: row)
    reporter = person_field("Who reported it; null for deleted people.", lambda row: row, "reporter")
    written_at = moment_field("When the message was written.")
    created_at = moment_field("When it was reported.")
