"""What pages print of conversations: their names, their lists, the thread of messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from madang.accounts.queries.users import shown_name
from madang.core.actor import GUEST, Actor
from madang.core.clock import now
from madang.core.db.pagination import Page, Place
from madang.core.i18n import _, ngettext
from madang.core.site import site
from madang.posts.fragments import Author, author_of
from madang.todos.queries.todos import MESSAGE, saved_things

from .forms import MessageForm
from .models import Conversation, ConversationMember
from .operations.writing import closed_sentence
from .policies import can_block_person, can_post_message, can_report_message
from .queries.conversations import PER_PAGE, get_conversation, inbox_rows, members_of, place_after
from .queries.messages import message_rows
from .queries.people import has_blocked
from .queries.reports import report_rows

NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation in the inbox."""

    row: Row
    name: str
    face: Author | None
    excerpt: str
    is_mine: bool
    people: list[Row]


def inbox_page(actor: Actor, before: Place | None) -> dict[str, Any]:
    """A page of somebody's conversations, and where the next one begins."""
    rows = inbox_rows(actor.id or 0, before)
    shown = rows[:PER_PAGE]
    return {
        "lines": lines_of(shown, actor),
        "older": place_after(shown[-1]) if len(rows) > PER_PAGE else None,
        "is_first": before is None,
    }


def lines_of(rows: Sequence[Row], actor: Actor) -> list[Line]:
    """Conversations of an inbox with their names and people."""
    people = members_of(row.id for row in rows)
    return [_line(row, _others(people[row.id], actor), actor) for row in rows]


def _line(row: Row, others: list[Row], actor: Actor) -> Line:
    said = _("A message of somebody whom you have blocked") if row.is_blocked else row.excerpt
    face = author_of(others[0]) if others and not row.is_system else None
    return Line(row, name_of(row, others), face, said or "", row.author_id == actor.id, others)


def _others(people: Sequence[Row], actor: Actor) -> list[Row]:
    return [person for person in people if person.user_id != actor.id]


def name_of(conversation: Any, others: Sequence[Row]) -> str:
    """What a conversation is called: the site, its title, or those who take part."""
    if conversation.is_system:
        return site().name
    if conversation.title:
        return conversation.title
    if not others:
        return _("You alone") if conversation.is_group else _("A guest who has gone")
    there = [person for person in others if not (conversation.is_group and person.left_at)] or others
    names = [_shown_name(person) for person in there[:NAMES_SHOWN]]
    if len(there) > NAMES_SHOWN:
        names.append(ngettext("%(num)s more", "%(num)s more", len(there) - NAMES_SHOWN))
    return ", ".join(names)


def _shown_name(person: Row) -> str:
    author = author_of(person)
    return author.display_name or author.username or _("deleted user")


def conversation_name(conversation_id: int, actor: Actor) -> str:
    """The name of a conversation in which the actor takes part. Raises `NotFound`."""
    conversation, _me = get_conversation(conversation_id, actor)
    return name_of(conversation, _others(members_of([conversation_id])[conversation_id], actor))


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as its page begins: `closed` says why nobody can write there."""

    conversation: Conversation
    me: ConversationMember
    name: str
    people: list[Row]
    closed: str | None
    can_post: bool


def talk_of(conversation: Conversation, me: ConversationMember, actor: Actor) -> Talk:
    """A conversation with its name, its people, and whether the actor can write there."""
    people = members_of([conversation.id])[conversation.id]
    closed = closed_sentence(conversation, actor, now(), people)
    return Talk(
        conversation,
        me,
        name_of(conversation, _others(people, actor)),
        people,
        closed,
        closed is None and can_post_message(actor, conversation),
    )


def thread(
    conversation: Conversation, me: ConversationMember, actor: Actor, form: MessageForm, *, before: int | None = None
) -> dict[str, Any]:
    """All that a conversation's page shows: one page of its messages, newest first."""
    talk = talk_of(conversation, me, actor)
    others = _others(talk.people, actor)
    rows = message_rows(me, before=before)
    shown = rows[:PER_PAGE]
    other = _blockable(conversation, others, actor)
    return {
        "conversation": conversation,
        "me": me,
        "name": talk.name,
        "people": [person for person in talk.people if not person.left_at or not conversation.is_group],
        "other": other,
        "is_blocked": bool(talk.closed and other and has_blocked(actor, other.user_id)),
        "messages": said_by(shown, conversation, actor, others),
        "older": shown[-1].id if len(rows) > PER_PAGE else None,
        "is_first": before is None,
        "closed": talk.closed,
        "can_post": talk.can_post,
        "form": form.say(),
    }


def _blockable(conversation: Conversation, others: list[Row], actor: Actor) -> Row | None:
    """The one other person of a conversation of two, if the actor may block them."""
    if conversation.is_group or not others or others[0].author_is_deleted or not can_block_person(actor, others[0]):
        return None
    return others[0]


@dataclass(frozen=True, slots=True)
class Said:
    """A message on its conversation's page. `read_by` says who has read one's own."""

    row: Row
    author: Author | None
    is_mine: bool
    is_system: bool
    is_blocked: bool
    read_by: str
    read_at: datetime | None
    can_report: bool
    is_saved: bool


def said_in(rows: Sequence[Row], conversation: Conversation, actor: Actor) -> list[Said]:
    """The same as `said_by`, for whoever does not know yet who takes part."""
    return said_by(rows, conversation, actor, _others(members_of([conversation.id])[conversation.id], actor))


def said_by(rows: Sequence[Row], conversation: Conversation, actor: Actor, others: Sequence[Row]) -> list[Said]:
    """Messages with what their reader may do with each. Only in the site's own conversations the site speaks."""
    saved = saved_things(MESSAGE, actor, [row.id for row in rows])
    return [
        Said(
            row=row,
            author=author_of(row) if row.author_id else None,
            is_mine=row.author_id == actor.id,
            is_system=conversation.is_system,
            is_blocked=row.is_blocked and conversation.is_group,
            read_by=_read_by(row.id, conversation, others) if row.author_id == actor.id else "",
            read_at=None if conversation.is_group or not others else others[0].last_message_read_at,
            can_report=can_report_message(actor, row),
            is_saved=row.id in saved,
        )
        for row in rows
    ]


def _read_by(message_id: int, conversation: Conversation, others: Sequence[Row]) -> str:
    """Who has read up to a message, in words."""
    readers = [person for person in others if person.last_read_message_id >= message_id]
    if not readers:
        return ""
    if not conversation.is_group:
        return _("Read")
    if len(readers) == len(others):
        return _("Read by everybody")
    names = ", ".join(_shown_name(person) for person in readers[:NAMES_SHOWN])
    if len(readers) <= NAMES_SHOWN:
        return _("Read by %(names)s", names=names)
    more = len(readers) - NAMES_SHOWN
    return ngettext("Read by %(names)s and %(num)s more", "Read by %(names)s and %(num)s more", more, names=names)


def reported(page: Page) -> list[tuple[Row, Author | None, Author | None]]:
    """A page of reports, each with the message's author and the person who reported it."""
    return [(row, author_of(row), _reporter(row)) for row in report_rows(limit=page.size, offset=page.offset)]


def _reporter(row: Row) -> Author | None:
    if row.reporter_username is None or row.reporter_is_deleted:
        return None
    shown = shown_name(row.reporter_username, row.reporter_display_name, row.reporter_role)
    return Author(None if row.reporter_role == GUEST else row.reporter_username, shown, None)
