"""Background jobs of groups: add many people, and apply the e-mail domains of a group."""

from madang.accounts.models import User
from madang.accounts.queries.actors import actor_of
from madang.accounts.queries.users import accounts_named
from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.i18n import _, number
from madang.core.queue import Report, checkpoint, job
from madang.core.queue.functions import JsonObject
from madang.core.queue.models import Job

from .models import Group
from .operations.domains import add_next_matching, remove_next_former
from .operations.membership import add_people, require_leader
from .operations.people import MAX_NAMES, check_name_count, joined

BATCH_SIZE = 100
UNKNOWN_KEPT = 20


def _report(result: JsonObject) -> Report:
    facts = [
        (_("Added"), number(result["added"])),
        (_("Members before"), number(result["known"])),
        (_("Names that no account has"), number(result["unknown"])),
    ]
    if result["names"]:
        facts.append((_("Such as"), joined(result["names"])))
    return Report(facts)


@job("groups.add_named", title=lambda: _("Add people to a group"), report=_report)
def add_named(
    group_id: int, usernames: list[str], actor_id: int, added: int = 0, known: int = 0, unknown: list[str] | None = None
) -> JsonObject:
    """Add the accounts of these usernames to a group, in many transactions. What is left to add is the checkpoint."""
    unknown = unknown or []
    total = added + known + len(unknown) + len(usernames)
    while usernames and (group := db.session.get(Group, group_id)):
        with transaction():
            names, usernames = usernames[:BATCH_SIZE], usernames[BATCH_SIZE:]
            people = accounts_named(names)
            accounts = sorted({each.id: each for each in people.values()}.values(), key=lambda each: each.id)
            actor = actor_of(db.session.get_one(User, actor_id))
            count = len(add_people(group, accounts, actor=actor, now=now()))
            added, known = added + count, known + len(accounts) - count
            unknown = [*unknown, *(name for name in names if name not in people)]
            checkpoint(
                100 * (total - len(usernames)) / total,
                group_id=group_id,
                usernames=usernames,
                actor_id=actor_id,
                added=added,
                known=known,
                unknown=unknown,
            )
    return {"added": added, "known": known, "unknown": len(unknown), "names": unknown[:UNKNOWN_KEPT]}


def enqueue_addition(group: Group, names: list[str], *, actor: Actor) -> Job:
    """Add the accounts of up to `MAX_NAMES` usernames by a job. Raises `Forbidden` and `InvalidInput` (usernames)."""
    require_leader(group, actor)
    check_name_count(names, MAX_NAMES)
    return add_named.enqueue(owner_id=actor.id, group_id=group.id, usernames=names, actor_id=actor.id)


@job("groups.apply_domains")
def apply_domains(group_id: int, after_member: int = 0, after_account: int = 0) -> None:
    """Let people in and out as the e-mail domains of a group ask now, in many transactions."""
    is_looking_at_members = after_account == 0
    while group := db.session.get(Group, group_id):
        with transaction():
            if is_looking_at_members:
                last = remove_next_former(group, after_member)
                is_looking_at_members, after_member = last is not None, last or after_member
            else:
                last = add_next_matching(group, after_account, now=now())
                if last is None:
                    return
                after_account = last
            checkpoint(0, group_id=group_id, after_member=after_member, after_account=after_account)
