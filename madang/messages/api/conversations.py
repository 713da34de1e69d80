"""JSON API of conversations: inbox, messages, read marks, muting, leaving."""

from typing import TypedDict

from madang.core.clock import now
from madang.core.rest.access import MESSAGES
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate

from ..fragments import ConversationDetails, MessageDetails, conversation_details, inbox_lines, load_message_details
from ..models import ConversationMember, Message
from ..operations.leaving import leave_conversation
from ..operations.reading import mark_all_read, mark_read, mute_conversation, unmute_conversation
from ..operations.writing import post_message, start_conversation
from ..queries.conversations import INBOX_ORDER, get_conversation, inbox_rows
from ..queries.messages import get_message_row, message_rows, rows_after
from ..schemas import (
    ConversationSchema,
    ConversationSummarySchema,
    MessageQuery,
    MessageSchema,
    NewConversationSchema,
    NewMessageSchema,
)

bp = ApiBlueprint("messages", description="Conversations and messages.", scope=MESSAGES)


class NewConversation(TypedDict):
    to: list[str]
    title: str
    body: str


@bp.get("/conversations", guests=True)
@bp.paginated(ConversationSummarySchema)
def list_conversations(page: Page) -> PageResult:
    """List the caller's conversations, the latest message first."""
    actor = current_actor()
    rows = inbox_rows(actor.id or 0, page.after(INBOX_ORDER.types), page.more)
    result = page.of(rows, INBOX_ORDER.key_of)
    return PageResult(inbox_lines(result.rows, actor), result.next_key)


@bp.post("/conversations")
@bp.body(NewConversationSchema)
@bp.response(ConversationSchema, 201)
def create_conversation(payload: NewConversation) -> Created:
    """Write to one or several people: continues the one conversation of two people, creates one for a group."""
    to, title, body = ", ".join(payload["to"]), payload["title"], payload["body"]
    with limited_rate("message"):
        message = start_conversation(to=to, title=title, body=body, actor=current_actor(), now=now())
    return Created(_conversation_details(message.conversation_id), f"{PREFIX}/conversations/{message.conversation_id}")


def _conversation_details(conversation_id: int) -> ConversationDetails:
    actor = current_actor()
    return conversation_details(*get_conversation(conversation_id, actor), actor)


@bp.post("/conversations/read", guests=True)
@bp.response(None)
def read_conversations() -> None:
    """Mark all conversations as read."""
    mark_all_read(current_actor().id or 0, now=now())


@bp.get("/conversations/<int:conversation_id>", guests=True)
@bp.response(ConversationSchema)
def get_one_conversation(conversation_id: int) -> ConversationDetails:
    """Get a conversation of which the caller is a member."""
    return _conversation_details(conversation_id)


@bp.delete("/conversations/<int:conversation_id>", guests=True)
@bp.response(None)
def leave_one_conversation(conversation_id: int) -> None:
    """Leave a conversation. Its messages are deleted if nobody is left."""
    leave_conversation(_membership(conversation_id), now=now())


def _membership(conversation_id: int) -> ConversationMember:
    return get_conversation(conversation_id, current_actor())[1]


@bp.put("/conversations/<int:conversation_id>/read", guests=True)
@bp.response(None)
def read_conversation(conversation_id: int) -> None:
    """Mark all messages of a conversation as read. Listing them does not."""
    mark_read(_membership(conversation_id), now=now())


@bp.put("/conversations/<int:conversation_id>/mute", guests=True)
@bp.response(None)
def mute_one_conversation(conversation_id: int) -> None:
    """Mute a conversation: no notifications, and not counted as unread."""
    mute_conversation(_membership(conversation_id))


@bp.delete("/conversations/<int:conversation_id>/mute", guests=True)
@bp.response(None)
def unmute_one_conversation(conversation_id: int) -> None:
    """Unmute a conversation."""
    unmute_conversation(_membership(conversation_id))


@bp.get("/conversations/<int:conversation_id>/messages", guests=True)
@bp.paginated(MessageSchema, MessageQuery)
def list_messages(page: Page, conversation_id: int) -> PageResult:
    """List the messages of a conversation that the caller can read."""
    conversation, me = get_conversation(conversation_id, current_actor())
    if page["sort"] == "oldest":
        rows = rows_after(me, max(page.after_id or 0, page["after"]), page.more)
    else:
        rows = message_rows(me, before=page.after_id, limit=page.more)
    result = page.of(rows, lambda row: (row.id,))
    return PageResult(load_message_details(result.rows, conversation, current_actor()), result.next_key)


@bp.post("/conversations/<int:conversation_id>/messages", guests=True)
@bp.body(NewMessageSchema)
@bp.response(MessageSchema, 201)
def create_message(payload: dict[str, str], conversation_id: int) -> Created:
    """Post a message in a conversation."""
    conversation, _me = get_conversation(conversation_id, current_actor())
    with limited_rate("message"):
        message = post_message(conversation, actor=current_actor(), body=payload["body"], now=now())
    return Created(_message_details(conversation_id, message.id), _message_url(message))


def _message_url(message: Message) -> str:
    return f"{PREFIX}/conversations/{message.conversation_id}/messages/{message.id}"


@bp.get("/conversations/<int:conversation_id>/messages/<int:message_id>", guests=True)
@bp.response(MessageSchema)
def get_one_message(conversation_id: int, message_id: int) -> MessageDetails:
    """Get a message that the caller can read."""
    return _message_details(conversation_id, message_id)


def _message_details(conversation_id: int, message_id: int) -> MessageDetails:
    conversation, me = get_conversation(conversation_id, current_actor())
    return load_message_details([get_message_row(me, message_id)], conversation, current_actor())[0]
