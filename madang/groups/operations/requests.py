"""Ask to join a group, invite people, and answer both."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete

from madang.accounts.models import User
from madang.accounts.operations.staff_actions import record_staff_action
from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.core.db import add_if_new, db
from madang.core.errors import NotFound, raise_if_invalid, require, too_long_error
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_line

from ..events import MemberAdded, MemberInvited, MembershipRequested, RequestDeclined
from ..models import NOTE_MAX, REQUESTED, Group, MembershipRequest
from ..policies import can_ask_to_join
from ..queries import find_request, standing_in
from ..sentences import logged_names
from .membership import require_leader
from .rows import insert_membership, lock_group


def ask_to_join(group: Group, *, actor: Actor, note: str, now: datetime) -> None:
    """Ask the owners to be let in, with a word to them. Asking again changes nothing. Emits `MembershipRequested`.

    Raises `Forbidden`, `NotFound` and `InvalidInput` (note).
    """
    note = clean_line(note)
    lock_group(group)
    standing = standing_in(group.id, actor.id)
    if standing.has_asked:
        return
    require(can_ask_to_join(actor, group, standing), _("You cannot ask to join this group."))
    raise_if_invalid(note=too_long_error(note, NOTE_MAX))
    request_id = _insert(group, actor.id or 0, is_invitation=False, note=note, now=now)
    emit(MembershipRequested(group.id, actor.id or 0, request_id))


def withdraw_request(group: Group, *, actor: Actor) -> None:
    """Take the actor's own request back, or decline an invitation; nothing if there is neither.

    Raises `Forbidden` and `NotFound`.
    """
    lock_group(group)
    require(can_write(actor), _("You cannot do this right now."))
    if request := find_request(group.id, actor.id):
        _delete(request)


def accept_request(group: Group, person: User, *, actor: Actor, now: datetime) -> None:
    """Let somebody in who has asked. Emits `MemberAdded`.

    Raises `Forbidden`, and `NotFound` for somebody who has not asked.
    """
    lock_group(group)
    require_leader(group, actor)
    request = find_request(group.id, person.id)
    if request is None or request.is_invitation:
        raise NotFound
    _accept(group, person, actor, now)


def _accept(group: Group, person: User, actor: Actor, now: datetime) -> None:
    insert_membership(group.id, person.id, origin=REQUESTED, now=now)
    emit(MemberAdded(group.id, person.id, actor.id))
    record_staff_action("accept_group_request", "user", person.id, actor=actor, group=logged_names(group))


def decline_request(group: Group, person: User, *, actor: Actor) -> None:
    """Decline a request, or withdraw an invitation. Emits `RequestDeclined` for a request.

    Raises `Forbidden`, and `NotFound` for somebody who has neither.
    """
    lock_group(group)
    require_leader(group, actor)
    request = find_request(group.id, person.id)
    if request is None:
        raise NotFound
    is_invitation, request_id = request.is_invitation, request.id
    _delete(request)
    if not is_invitation:
        emit(RequestDeclined(group.id, person.id, request_id, actor.id))
    verb = "withdraw_group_invitation" if is_invitation else "decline_group_request"
    record_staff_action(verb, "user", person.id, actor=actor, group=logged_names(group))


def invite_people(group: Group, people: Collection[User], *, actor: Actor, note: str, now: datetime) -> list[User]:
    """Invite people, with a word to them. Returns whom the call invited or, if they had asked, let in.

    Emits `MemberInvited` or `MemberAdded`. Raises `Forbidden`, `NotFound` and `InvalidInput` (note).
    """
    note = clean_line(note)
    lock_group(group)
    require_leader(group, actor)
    raise_if_invalid(note=too_long_error(note, NOTE_MAX))
    return [person for person in people if _invite(group, person, actor, note, now)]


def _invite(group: Group, person: User, actor: Actor, note: str, now: datetime) -> bool:
    standing = standing_in(group.id, person.id)
    if standing.is_member or standing.is_invited:
        return False
    if standing.has_asked:
        _accept(group, person, actor, now)
        return True
    request_id = _insert(group, person.id, is_invitation=True, inviter_id=actor.id, note=note, now=now)
    emit(MemberInvited(group.id, person.id, request_id))
    record_staff_action("invite_to_group", "user", person.id, actor=actor, group=logged_names(group))
    return True


def _insert(
    group: Group, user_id: int, *, is_invitation: bool, inviter_id: int | None = None, note: str, now: datetime
) -> int:
    """Insert a request or invitation of a locked group. Returns its id."""
    add_if_new(
        MembershipRequest,
        group_id=group.id,
        user_id=user_id,
        is_invitation=is_invitation,
        inviter_id=inviter_id,
        note=note,
        created_at=now,
    )
    request = find_request(group.id, user_id)
    return request.id if request else 0


def _delete(request: MembershipRequest) -> None:
    db.session.expunge(request)
    db.write(delete(MembershipRequest).where(MembershipRequest.id == request.id))
