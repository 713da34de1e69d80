"""Who may listen to what: the beginning of `/events`. Its twin for those who ask now and then is in `api.py`."""

import json
import re
from typing import Any

from flask import Blueprint, Response, request

from madang.core.actor import Actor
from madang.core.errors import BadRequest, InvalidInput, NotFound, RateLimited, Unauthenticated
from madang.core.i18n import _
from madang.core.server.event_stream import LISTEN
from madang.core.server.events import Ticket, write_ticket
from madang.core.server.listeners import HEADERS
from madang.core.server.wakeup import process_wakeup
from madang.core.web.actor import current_actor
from madang.core.web.ids import parse_id
from madang.messages.queries.conversations import get_conversation
from madang.posts.queries.posts import get_counts

from ..operations.stream import last_id

bp = Blueprint("live", __name__)
MOST_STREAMS = 10  # of one person in one process; the tabs of a browser share one
MOST_TOPICS = 20


def _listening_actor() -> Actor:
    actor = current_actor()
    if actor.id is None or actor.session_id is None:
        raise Unauthenticated(_("Please log in to hear what is new."))
    return actor


@bp.get("/events")
def events() -> Response:
    """Server-Sent Events. `topic` (post:12) may be given several times; `after` does what Last-Event-ID does.

    What this answers is only the beginning: the server keeps the stream open itself (core/server/event_stream.py).
    """
    actor = _listening_actor()
    newest = last_id()
    asked = _last_event_id()
    topics = tuple(dict.fromkeys(request.args.getlist("topic")))
    state = {"topics": _topics(topics, actor), "unread_notification_count": actor.unread_notification_count}
    state["unread_message_count"] = actor.unread_message_count
    if sum(hub.count(actor.id or 0) for hub in process_wakeup().hubs) >= MOST_STREAMS:
        raise RateLimited(_("You have too many pages open at once. Please close some of them."), retry_after=30)
    after = newest if asked is None else min(asked, newest)  # a later one is of a database that is no more
    hello = f"retry: 3000\nid: {after}\nevent: hello\ndata: {json.dumps(state)}\n\n"
    response = Response(hello, headers=[(name.decode(), value.decode()) for name, value in HEADERS])
    ticket = Ticket(actor.id or 0, actor.session_id or 0, topics, after)
    response.headers[LISTEN] = write_ticket(ticket)
    return response


def _last_event_id() -> int | None:
    """Where the reader stopped; None for a first time. Raises `BadRequest` for what is no id."""
    written = request.headers.get("Last-Event-ID") or request.args.get("after")
    if not written:
        return None
    if not re.fullmatch(r"[0-9]{1,19}", written):
        raise BadRequest(_("Last-Event-ID is a number that this site has sent. Please leave it out to begin anew."))
    return int(written)


def _topics(topics: tuple[str, ...], actor: Actor) -> dict[str, Any]:
    """How each topic stands. Raises `NotFound` where the actor may not see the thing."""
    if len(topics) > MOST_TOPICS:
        raise InvalidInput(_("Please listen to at most %(most)s topics at once.", most=MOST_TOPICS))
    return {topic: _look(topic, actor) for topic in topics}


def _look(topic: str, actor: Actor) -> dict[str, int]:
    kind, _colon, number = topic.partition(":")
    if kind == "post":
        post = get_counts(parse_id(number), actor)
        return {"answer_count": post.answer_count, "comment_count": post.comment_count}
    if kind == "conversation":
        conversation, _part = get_conversation(parse_id(number), actor)
        return {"last_message_id": conversation.last_message_id or 0}
    raise NotFound
