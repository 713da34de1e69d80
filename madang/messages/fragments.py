"""Template contexts for messages: names of conversations, the inbox, the thread, reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row

from madang.accounts.queries.users import shown_name
from madang.core.actor import GUEST, Actor
from madang.core.clock import now
from madang.core.db.pagination import Cursor, Page
from madang.core.i18n import _, ngettext
from madang.core.settings import setting
from madang.core.site import site
from madang.posts.fragments.authors import Author, author_of
from madang.todos.queries.todos import MESSAGE, saved_link_ids

from .forms import MessageForm
from .models import Conversation, ConversationMember
from .operations.writing import closed_error
from .policies import can_block_person, can_post_message, can_report_message
from .queries.conversations import PER_PAGE, get_conversation, inbox_rows, members_of, next_page_key
from .queries.messages import message_rows
from .queries.people import has_blocked
from .queries.reports import report_rows

NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A row of the inbox."""

    row: Row
    name: str
    names: str  # beside a title, which anybody may have written
    face: Author | None
    excerpt: str
    is_mine: bool
    people: list[Row]


def inbox_context(actor: Actor, before: Cursor | None) -> dict[str, object]:
    """Template context of a page of the actor's inbox."""
    rows = inbox_rows(actor.id or 0, before)
    page_rows = rows[:PER_PAGE]
    return {
        "lines": inbox_lines(page_rows, actor),
        "older": next_page_key(page_rows[-1]) if len(rows) > PER_PAGE else None,
        "is_first": before is None,
    }


def inbox_lines(rows: Sequence[Row], actor: Actor) -> list[InboxLine]:
    """Combine rows of `inbox_rows` with names and members."""
    people = members_of(row.id for row in rows)
    return [_inbox_line(row, _other_members(people[row.id], actor), actor) for row in rows]


def _inbox_line(row: Row, others: list[Row], actor: Actor) -> InboxLine:
    excerpt = _("Message from someone you have blocked") if row.is_blocked else row.excerpt
    face = author_of(others[0]) if others and not row.is_system else None
    name, names = conversation_display_name(row, others), names_of(row, others) if row.title and row.is_group else ""
    return InboxLine(row, name, names, face, excerpt or "", row.author_id == actor.id, others)


def _other_members(people: Sequence[Row], actor: Actor) -> list[Row]:
    return [person for person in people if person.user_id != actor.id]


def conversation_display_name(conversation: Conversation | Row, others: Sequence[Row]) -> str:
    """Return what a conversation is called: the site's name, its title, or the names of the others."""
    if conversation.is_system:
        return site().name
    return conversation.title or names_of(conversation, others)


def names_of(conversation: Conversation | Row, others: Sequence[Row]) -> str:
    """The names of the others in a conversation, of which the first are printed."""
    if not others:
        return _("Only you") if conversation.is_group else _("Former guest")
    present = [person for person in others if not (conversation.is_group and person.left_at)] or others
    names = [_display_name(person) for person in present[:NAMES_SHOWN]]
    if len(present) > NAMES_SHOWN:
        names.append(ngettext("%(num)s more", "%(num)s more", len(present) - NAMES_SHOWN))
    return ", ".join(names)


def _display_name(person: Row) -> str:
    author = author_of(person)
    return author.display_name or author.username or _("deleted user")


def conversation_name(conversation_id: int, actor: Actor) -> str:
    """Return the name of a conversation of which the actor is a member. Raises `NotFound`."""
    conversation, _me = get_conversation(conversation_id, actor)
    return conversation_display_name(
        conversation, _other_members(members_of([conversation_id])[conversation_id], actor)
    )


@dataclass(frozen=True, slots=True)
class ConversationDetails:
    """A conversation with its members; `closed` says why nobody would read a message, else None."""

    conversation: Conversation
    me: ConversationMember
    name: str
    people: list[Row]
    closed: str | None
    can_post: bool


def conversation_details(conversation: Conversation, me: ConversationMember, actor: Actor) -> ConversationDetails:
    """Combine a conversation with its name, its members, and whether the actor can write there."""
    people = members_of([conversation.id])[conversation.id]
    closed = closed_error(conversation, actor, now(), people)
    return ConversationDetails(
        conversation,
        me,
        conversation_display_name(conversation, _other_members(people, actor)),
        people,
        closed,
        closed is None and can_post_message(actor, conversation),
    )


def thread_context(
    conversation: Conversation, me: ConversationMember, actor: Actor, form: MessageForm, *, before: int | None = None
) -> dict[str, object]:
    """Template context of a conversation's page: one page of its messages, newest first."""
    details = conversation_details(conversation, me, actor)
    others = _other_members(details.people, actor)
    rows = message_rows(me, before=before)
    page_rows = rows[:PER_PAGE]
    other = _blockable_member(conversation, others, actor)
    return {
        "conversation": conversation,
        "me": me,
        "name": details.name,
        "people": [person for person in details.people if not person.left_at or not conversation.is_group],
        "partner": author_of(others[0]) if others and not conversation.is_group else None,
        "other": other,
        "is_blocked": bool(details.closed and other and has_blocked(actor, other.user_id)),
        "messages": message_details(page_rows, conversation, actor, others),
        "older": page_rows[-1].id if len(rows) > PER_PAGE else None,
        "is_first": before is None,
        "closed": details.closed,
        "can_post": details.can_post,
        "form": form.set_labels(),
    }


def _blockable_member(conversation: Conversation, others: list[Row], actor: Actor) -> Row | None:
    """Return the other person of a conversation of two if the actor may block them."""
    if conversation.is_group or not others or others[0].author_is_deleted or not can_block_person(actor, others[0]):
        return None
    return others[0]


@dataclass(frozen=True, slots=True)
class MessageDetails:
    """A message as the actor sees it. `read_by` names the readers of the actor's own message."""

    row: Row
    author: Author | None
    is_mine: bool
    is_system: bool
    is_blocked: bool
    read_by: str
    read_at: datetime | None
    can_report: bool
    is_saved: bool
    can_save: bool


def load_message_details(rows: Sequence[Row], conversation: Conversation, actor: Actor) -> list[MessageDetails]:
    """Query the other members, then do the same as `message_details`."""
    return message_details(
        rows, conversation, actor, _other_members(members_of([conversation.id])[conversation.id], actor)
    )


def message_details(
    rows: Sequence[Row], conversation: Conversation, actor: Actor, others: Sequence[Row]
) -> list[MessageDetails]:
    """Combine rows of messages with what the actor may do with each. `others` are the other members."""
    saved = saved_link_ids(MESSAGE, actor, [row.id for row in rows])
    return [
        MessageDetails(
            row=row,
            author=author_of(row) if row.author_id else None,
            is_mine=row.author_id == actor.id,
            is_system=conversation.is_system,
            is_blocked=row.is_blocked and conversation.is_group,
            read_by=_read_by(row.id, conversation, others) if row.author_id == actor.id else "",
            read_at=None if conversation.is_group or not others else others[0].last_message_read_at,
            can_report=can_report_message(actor, row),
            is_saved=row.id in saved,
            can_save=setting("FEATURE_TODOS"),
        )
        for row in rows
    ]


def _read_by(message_id: int, conversation: Conversation, others: Sequence[Row]) -> str:
    """Describe in words who has read a message."""
    readers = [person for person in others if person.last_read_message_id >= message_id]
    if not readers:
        return ""
    if not conversation.is_group:
        return _("Read")
    if len(readers) == len(others):
        return _("Read by everyone")
    names = ", ".join(_display_name(person) for person in readers[:NAMES_SHOWN])
    if len(readers) <= NAMES_SHOWN:
        return _("Read by %(names)s", names=names)
    more = len(readers) - NAMES_SHOWN
    return ngettext("Read by %(names)s and %(num)s more", "Read by %(names)s and %(num)s more", more, names=names)


def reports_with_people(page: Page) -> list[tuple[Row, Author | None, Author | None]]:
    """A page of reports, each with the message's author and the reporter."""
    return [(row, author_of(row), _reporter(row)) for row in report_rows(limit=page.size, offset=page.offset)]


def _reporter(row: Row) -> Author | None:
    if row.reporter_username is None or row.reporter_is_deleted:
        return None
    page_rows = shown_name(row.reporter_username, row.reporter_display_name, row.reporter_role)
    return Author(None if row.reporter_role == GUEST else row.reporter_username, page_rows, None, row.reporter_role)
