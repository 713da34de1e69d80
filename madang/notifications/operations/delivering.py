"""Notify the recipients of notices."""

from collections.abc import Iterable
from datetime import datetime

from madang.messages.queries.people import blocks_among

from ..kinds import Notice
from .notifying import notify


def deliver_notices(notices: Iterable[Notice], *, now: datetime) -> list[tuple[int, Notice]]:
    """Notify each person by the first notice that names them; return the person and notice of each mail to send."""
    notice_by_person: dict[int, Notice] = {}
    for notice in notices:
        for user_id in _reachable_ids(notice):
            notice_by_person.setdefault(user_id, notice)
    mails = []
    for user_id, notice in sorted(notice_by_person.items(), key=lambda pair: pair[0]):  # the order of the locks
        channels = notify(
            user_id,
            notice.kind,
            dedupe_key=notice.dedupe_key,
            group=notice.group_key,
            payload=notice.payload,
            post_id=notice.payload.get("post_id"),
            now=now,
        )
        if "email" in channels:
            mails.append((user_id, notice))
    return mails


def _reachable_ids(notice: Notice) -> set[int]:
    """The recipients without the person who caused the notice and those who blocked that person."""
    actor_id = notice.payload.get("actor_id")
    people = {person for person in notice.recipients if person is not None and person != actor_id}
    _blocked, blockers = blocks_among(actor_id, sorted(people)) if actor_id is not None else (set(), set())
    return people - blockers
