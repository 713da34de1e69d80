"""The shapes of conversations and messages in the API."""

from typing import Any

from marshmallow import fields

from madang.accounts.queries.users import avatar_url, shown_name
from madang.accounts.schemas import PersonSchema
from madang.core.actor import GUEST
from madang.core.rest.schemas import ListQuery, Schema, choice, computed, counted, moment, text, texts, truth, whole


class CorrespondentSchema(PersonSchema):
    """Somebody with whom one talks: an account, or a guest under the handle that one writes to."""

    username = text("The name to write to: a username, or a guest's handle.", "bob", allow_none=True)
    is_guest = truth("Whether it is a guest.", False)


class MemberSchema(CorrespondentSchema):
    """Somebody's part in a conversation."""

    has_left = truth("Whether they have left.", False)
    last_read_message_id = whole("Up to where they have read.", 40)
    last_message_read_at = moment("When they last read.", allow_none=True)


def _person(row: Any, prefix: str = "author") -> dict[str, Any] | None:
    """Whoever wrote a row, or takes part; None where they are gone."""
    username = getattr(row, f"{prefix}_username")
    if username is None or getattr(row, f"{prefix}_is_deleted"):
        return None
    role, picture = getattr(row, f"{prefix}_role"), getattr(row, f"{prefix}_avatar_file", None)
    return {
        "username": username,
        "display_name": shown_name(username, getattr(row, f"{prefix}_display_name"), role),
        "avatar_url": avatar_url(picture),
        "is_guest": role == GUEST,
    }


def _member(row: Any) -> dict[str, Any]:
    nobody = {"username": None, "display_name": None, "avatar_url": None, "is_guest": False}
    return {
        **(_person(row) or nobody),
        "has_left": row.left_at is not None,
        "last_read_message_id": row.last_read_message_id,
        "last_message_read_at": row.last_message_read_at,
    }


def writer(of: Any = lambda said: said.row, prefix: str = "author", **options: Any) -> Any:
    """The field of whoever wrote something; null for the site, and for somebody who is gone."""
    nested = fields.Nested(CorrespondentSchema, allow_none=True, **options)
    return computed(nested, lambda said: _person(of(said), prefix))


class ConversationSummarySchema(Schema):
    """A conversation in one's inbox; `pages.Line`."""

    id = computed(whole("The conversation's number.", 5), lambda line: line.row.id)
    name = text("What it is called: its title, or its people.", "Bob")
    title = computed(text("Its title; empty if it has none.", ""), lambda line: line.row.title)
    is_group = computed(truth("Whether more than two take part.", False), lambda line: line.row.is_group)
    is_system = computed(truth("Whether the site itself writes here.", False), lambda line: line.row.is_system)
    is_muted = computed(truth("Whether one is not told of it.", False), lambda line: line.row.is_muted)
    unread_count = computed(whole("Messages that one has not read.", 2), lambda line: line.row.unread_count)
    excerpt = text("How the last message begins.", "Shall we meet at the well?")
    is_mine = truth("Whether the last message is one's own.", False)
    last_message_at = computed(moment("When somebody last wrote."), lambda line: line.row.last_message_at)
    people = computed(
        fields.List(fields.Nested(MemberSchema), metadata={"description": "The others who take part, or did."}),
        lambda line: [_member(row) for row in line.people],
    )


class ConversationSchema(Schema):
    """A conversation; `pages.Talk`."""

    id = computed(whole("The conversation's number.", 5), lambda talk: talk.conversation.id)
    name = text("What it is called: its title, or its people.", "Bob")
    title = computed(text("Its title; empty if it has none.", ""), lambda talk: talk.conversation.title)
    is_group = computed(truth("Whether more than two take part.", False), lambda talk: talk.conversation.is_group)
    is_system = computed(truth("Whether the site itself writes here.", False), lambda talk: talk.conversation.is_system)
    is_muted = computed(truth("Whether one is not told of it.", False), lambda talk: talk.me.is_muted)
    unread_count = computed(whole("Messages that one has not read.", 2), lambda talk: talk.me.unread_count)
    last_message_at = computed(moment("When somebody last wrote."), lambda talk: talk.conversation.last_message_at)
    can_post = truth("Whether one can write here.")
    closed = text("Why nobody would read a message.", "Everybody else has left.", allow_none=True)
    people = computed(
        fields.List(fields.Nested(MemberSchema), metadata={"description": "Who takes part, or did, oneself too."}),
        lambda talk: [_member(row) for row in talk.people],
    )


class MessageSchema(Schema):
    """A message; `pages.Said`."""

    id = computed(whole("The message's number.", 40), lambda said: said.row.id)
    conversation_id = computed(whole("Where it stands.", 5), lambda said: said.row.conversation_id)
    author = writer(metadata={"description": "Who wrote it; null for the site, and for somebody who is gone."})
    body = computed(text("The words, as Markdown.", "Shall we meet at the **well**?"), lambda said: said.row.body)
    body_html = computed(
        text("The words as HTML that is safe to show.", "<p>Shall we meet at the <strong>well</strong>?</p>"),
        lambda said: said.row.body_html,
    )
    is_mine = truth("Whether one wrote it oneself.", False)
    is_system = truth("Whether the site wrote it.", False)
    is_blocked = truth("Whether one has blocked its author: pages fold it up.", False)
    is_saved = truth("Whether one has saved it for later.", False)
    can_report = truth("Whether one can show it to the moderators.")
    read_by = text("Who has read one's own message, in words.", "Read")
    created_at = computed(moment("When it was written."), lambda said: said.row.created_at)


class MessageQuery(ListQuery):
    """Which messages."""

    sort = choice("The order.", "newest", "oldest", load_default="newest")
    after = counted("Only what came after this message; with `oldest`.", 40, load_default=0)


class NewConversationSchema(Schema):
    """Whom to write to, and what. Two people have one conversation, which goes on."""

    to = texts("Usernames, or guests' handles.", ["bob"], required=True)
    title = text("What to call it.", "The yard", load_default="")
    body = text("Markdown.", "Shall we meet at the **well**?", required=True)


class NewMessageSchema(Schema):
    """A message to write."""

    body = text("Markdown.", "Shall we meet at the **well**?", required=True)


class NewMessageReportSchema(Schema):
    """Why the moderators should see a message."""

    reason = text("What is wrong with it, in a few words.", "It is an advertisement.", required=True)


class BlockSchema(Schema):
    """Somebody from whom one does not want to hear."""

    person = writer(lambda row: row, metadata={"description": "Who it is."})
    created_at = moment("Since when.")


class MessageReportSchema(Schema):
    """A message that somebody has shown to the moderators."""

    id = whole("The report's number.", 3)
    reason = text("What is wrong with it.", "It is an advertisement.")
    body_html = text("The message as HTML that is safe to show.", "<p>Buy a yard!</p>")
    author = writer(lambda row: row, metadata={"description": "Who wrote it; null for somebody who is gone."})
    reporter = writer(lambda row: row, "reporter", metadata={"description": "Who reported it; null if they are gone."})
    written_at = moment("When the message was written.")
    created_at = moment("When it was reported.")
