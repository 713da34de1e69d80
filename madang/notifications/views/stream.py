"""The endpoint `/events` (Server-Sent Events): checks permissions and starts the stream. For polling see `api.py`."""

import json
import re
import secrets

from flask import Blueprint, Response, request

from madang.core.actor import Actor
from madang.core.errors import BadRequest, InvalidInput, NotFound, RateLimited, Unauthenticated
from madang.core.i18n import _
from madang.core.server.event_stream import TICKET_HEADER
from madang.core.server.events import Ticket, write_ticket
from madang.core.server.listeners import STREAM_HEADERS
from madang.core.server.wakeup import process_wakeup
from madang.core.web.actor import current_actor
from madang.core.web.ids import parse_id
from madang.messages.queries.conversations import get_conversation
from madang.posts.queries.posts import get_counts

from ..operations.stream import NEW_POSTS, last_id, topics_for

bp = Blueprint("live", __name__)
MAX_STREAMS = 10  # per person and process; the tabs of a browser share one
MAX_TOPICS = 20
RETRY_MS, RETRY_SPREAD_MS = 1_000, 3_000  # a browser reconnects after one to four seconds: not all at once


def _listening_actor() -> Actor:
    actor = current_actor()
    if actor.id is None or actor.session_id is None:
        raise Unauthenticated(_("Please log in to get notifications."))
    return actor


@bp.get("/events")
def events() -> Response:
    """Start a stream of Server-Sent Events. `topic` (post:12, posts) can be repeated; `after` acts as Last-Event-ID.

    The response is the first event; the server keeps the stream open (core/server/event_stream.py).
    """
    actor = _listening_actor()
    newest_id = last_id()
    requested_id = _last_event_id()
    topics = tuple(dict.fromkeys(request.args.getlist("topic")))
    state = {
        "topics": _topic_states(topics, actor),
        "unread_notification_count": actor.unread_notification_count,
        "unread_message_count": actor.unread_message_count,
    }
    if sum(hub.count(actor.id or 0) for hub in process_wakeup().hubs) >= MAX_STREAMS:
        raise RateLimited(_("You have too many pages open at once. Please close some of them."), retry_after=30)
    # A higher id is from a database that was replaced.
    after = newest_id if requested_id is None else min(requested_id, newest_id)
    retry_ms = RETRY_MS + secrets.randbelow(RETRY_SPREAD_MS)
    hello = f"retry: {retry_ms}\nid: {after}\nevent: hello\ndata: {json.dumps(state)}\n\n"
    response = Response(hello, headers=[(name.decode(), value.decode()) for name, value in STREAM_HEADERS])
    ticket = Ticket(actor.id or 0, actor.session_id or 0, topics_for(actor, topics), after)
    response.headers[TICKET_HEADER] = write_ticket(ticket)
    return response


def _last_event_id() -> int | None:
    """Return the last event id that the client received, or None. Raises `BadRequest` if it is not a number."""
    text = request.headers.get("Last-Event-ID") or request.args.get("after")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,19}", text):
        raise BadRequest(_("Last-Event-ID must be a number that this site has sent. Leave it out to start over."))
    return int(text)


def _topic_states(topics: tuple[str, ...], actor: Actor) -> dict[str, dict[str, int]]:
    """Return the state of each topic. Raises `NotFound` for a topic hidden from the actor."""
    if len(topics) > MAX_TOPICS:
        raise InvalidInput(_("Please listen to at most %(most)s topics at once.", most=MAX_TOPICS))
    return {topic: _topic_state(topic, actor) for topic in topics}


def _topic_state(topic: str, actor: Actor) -> dict[str, int]:
    if topic == NEW_POSTS:
        return {}
    kind, _colon, number = topic.partition(":")
    if kind == "post":
        post = get_counts(parse_id(number), actor)
        return {"answer_count": post.answer_count, "comment_count": post.comment_count}
    if kind == "conversation":
        conversation, _member = get_conversation(parse_id(number), actor)
        return {"last_message_id": conversation.last_message_id or 0}
    raise NotFound
