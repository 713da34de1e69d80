"""Conversations for programs: the inbox, writing, read marks, leaving."""

from typing import Any

from madang.core.clock import now
from madang.core.rest.auth import MESSAGES
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.paging import Page, PageResult
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate

from ..fragments import Said, Talk, lines_of, said_in, talk_of
from ..models import ConversationMember, Message
from ..operations.leaving import leave_conversation
from ..operations.reading import mark_all_read, mark_read, mute_conversation, unmute_conversation
from ..operations.writing import post_message, start_conversation
from ..queries.conversations import get_conversation, inbox_rows
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


@bp.get("/conversations", guests=True)
@bp.paginated(ConversationSummarySchema)
def list_conversations(page: Page) -> PageResult:
    """One's conversations, the latest first."""
    actor = current_actor()
    rows = inbox_rows(actor.id or 0, page.after, page.more)
    found = page.of(rows, lambda row: (row.last_message_at, row.id))
    return PageResult(lines_of(found.rows, actor), found.next_key)


@bp.post("/conversations")
@bp.body(NewConversationSchema)
@bp.response(ConversationSchema, 201)
def create_conversation(wanted: dict[str, Any]) -> Created:
    """Write to one or several people. Two people have one conversation, which goes on; a group is a new one."""
    limit_rate("message")
    words = {**wanted, "to": ", ".join(wanted["to"])}
    message = start_conversation(**words, actor=current_actor(), now=now())
    return Created(_talk(message.conversation_id), f"{PREFIX}/conversations/{message.conversation_id}")


def _talk(conversation_id: int) -> Talk:
    actor = current_actor()
    return talk_of(*get_conversation(conversation_id, actor), actor)


@bp.post("/conversations/read", guests=True)
@bp.response(None)
def read_conversations() -> None:
    """Mark all conversations as read."""
    mark_all_read(current_actor().id or 0, now=now())


@bp.get("/conversations/<int:conversation_id>", guests=True)
@bp.response(ConversationSchema)
def get_one_conversation(conversation_id: int) -> Talk:
    """A conversation in which one takes part."""
    return _talk(conversation_id)


@bp.delete("/conversations/<int:conversation_id>", guests=True)
@bp.response(None)
def leave_one_conversation(conversation_id: int) -> None:
    """Leave a conversation. What nobody is left to read is deleted."""
    leave_conversation(_part(conversation_id), now=now())


def _part(conversation_id: int) -> ConversationMember:
    return get_conversation(conversation_id, current_actor())[1]


@bp.put("/conversations/<int:conversation_id>/read", guests=True)
@bp.response(None)
def read_conversation(conversation_id: int) -> None:
    """Mark all of a conversation as read. Looking at its messages here does not."""
    mark_read(_part(conversation_id), now=now())


@bp.put("/conversations/<int:conversation_id>/mute", guests=True)
@bp.response(None)
def mute_one_conversation(conversation_id: int) -> None:
    """Be told no more of a conversation's messages."""
    mute_conversation(_part(conversation_id))


@bp.delete("/conversations/<int:conversation_id>/mute", guests=True)
@bp.response(None)
def unmute_one_conversation(conversation_id: int) -> None:
    """Be told of a conversation's messages again."""
    unmute_conversation(_part(conversation_id))


@bp.get("/conversations/<int:conversation_id>/messages", guests=True)
@bp.paginated(MessageSchema, MessageQuery)
def list_messages(page: Page, conversation_id: int) -> PageResult:
    """What one can read of a conversation."""
    conversation, me = get_conversation(conversation_id, current_actor())
    if page["sort"] == "oldest":
        rows = rows_after(me, max(page.after_id or 0, page["after"]), page.more)
    else:
        rows = message_rows(me, before=page.after_id, limit=page.more)
    found = page.of(rows, lambda row: (row.id,))
    return PageResult(said_in(found.rows, conversation, current_actor()), found.next_key)


@bp.post("/conversations/<int:conversation_id>/messages", guests=True)
@bp.body(NewMessageSchema)
@bp.response(MessageSchema, 201)
def create_message(wanted: dict[str, str], conversation_id: int) -> Created:
    """Write in a conversation."""
    conversation, _me = get_conversation(conversation_id, current_actor())
    limit_rate("message")
    message = post_message(conversation, actor=current_actor(), body=wanted["body"], now=now())
    return Created(_said(conversation_id, message.id), _address(message))


def _address(message: Message) -> str:
    return f"{PREFIX}/conversations/{message.conversation_id}/messages/{message.id}"


@bp.get("/conversations/<int:conversation_id>/messages/<int:message_id>", guests=True)
@bp.response(MessageSchema)
def get_one_message(conversation_id: int, message_id: int) -> Said:
    """A message that one can read."""
    return _said(conversation_id, message_id)


def _said(conversation_id: int, message_id: int) -> Said:
    conversation, me = get_conversation(conversation_id, current_actor())
    return said_in([get_message_row(me, message_id)], conversation, current_actor())[0]
