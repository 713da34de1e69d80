"""Ask for the deletion of one's own question, withdraw the request, and decide on it."""

from datetime import datetime

from sqlalchemy import delete

from madang.accounts.operations.staff_actions import record_staff_action
from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.errors import Conflict, Gone, InvalidInput, raise_if_invalid, require, too_long_error
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_body, clean_line
from madang.posts.models import Post
from madang.posts.operations.deleting import delete_post
from madang.posts.policies import can_delete_post, refusal_message
from madang.posts.queries.answers import is_answered_by_others

from ..events import ContentFlagged, FlagWithdrawn
from ..models import DECLINED, DELETION, NOTE_MAX, REPLY_MAX, UPHELD, VERDICTS, Flag
from ..policies import can_request_deletion, can_resolve_flags
from ..queries import find_deletion_request, is_request_on
from .resolving import resolve_open_flags

STAFF_ACTIONS = {UPHELD: "accept_deletion_request", DECLINED: "decline_deletion_request"}


def request_deletion(question: Post, *, actor: Actor, note: str, now: datetime) -> Flag:
    """Ask the moderators to delete the actor's question, or change the open request. Emits `ContentFlagged`.

    Raises `InvalidInput` (note), and as `require_deletion_requester` does.
    """
    note = clean_body(note).strip()
    missing = None if note else _("Please tell the moderators why it should be deleted.")
    raise_if_invalid(note=missing or too_long_error(note, NOTE_MAX))
    lock_row(question)  # against concurrent verdicts, answers and deletion
    require_deletion_requester(question, actor)
    request = find_deletion_request(question, actor)
    if is_new := request is None or not request.is_open:
        request = Flag(post_id=question.id, flagger_id=actor.id, reason=DELETION, created_at=now, is_open=True)
        db.session.add(request)
    request.note = note
    db.session.flush()
    if is_new:
        emit(ContentFlagged(request.id))
    return request


def require_deletion_requester(question: Post, actor: Actor) -> None:
    """Raise `Forbidden`, `Gone`, or `Conflict` for an author who can delete it, unless the actor can ask for this."""
    if question.is_deleted:
        raise Gone
    is_answered = is_answered_by_others(question)
    if actor.id == question.author_id and can_delete_post(actor, question, is_answered_by_others=is_answered):
        raise Conflict(_("You can delete this yourself."))
    is_allowed = can_request_deletion(actor, question, is_answered_by_others=is_answered)
    require(is_allowed, refusal_message(actor, _("Only the author of a question can ask for its deletion.")))


def withdraw_deletion_request(question: Post, *, actor: Actor) -> None:
    """Delete the actor's open request on a question; decided ones stay."""
    lock_row(question)
    if db.write(delete(Flag).where(is_request_on(question), Flag.flagger_id == actor.id)).rowcount:
        emit(FlagWithdrawn(post_id=question.id, comment_id=None, flagger_id=actor.id or 0))


def resolve_deletion_request(question: Post, *, verdict: str, reply: str, actor: Actor, now: datetime) -> None:
    """Delete a question as its author asked, or decline this with an optional sentence. Flags of others stay open.

    Emits `FlagsResolved`. Raises `Forbidden`, `InvalidInput` (verdict, reply), and `Conflict` without an open request.
    """
    reply = clean_line(reply)
    lock_row(question)
    require(can_resolve_flags(actor), _("Only moderators can do this."))
    if verdict not in VERDICTS:
        raise InvalidInput(_("Please choose one of the options."), field="verdict")
    raise_if_invalid(reply=_reply_error(reply, verdict))
    if not resolve_open_flags(is_request_on(question), verdict, actor.id, now, reply=reply):
        raise Conflict(_("No request is waiting here any more: someone has decided, or it was withdrawn."))
    record_staff_action(STAFF_ACTIONS[verdict], "post", question.id, actor=actor)
    if verdict == UPHELD:
        delete_post(question, actor=actor, now=now)


def _reply_error(reply: str, verdict: str) -> str | None:
    if reply and verdict != DECLINED:
        return _("You can only give a reason when you decline.")
    return too_long_error(reply, REPLY_MAX)
