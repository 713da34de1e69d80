"""Write the rules of the site, record its backups, dismiss the list of first steps."""

from datetime import datetime

from madang.accounts.operations.staff_actions import record_staff_action
from madang.accounts.policies.accounts import require_administrator
from madang.core.actor import Actor
from madang.core.errors import raise_if_invalid, too_long_error
from madang.core.site import set_site, site
from madang.core.text import clean_body

RULES_MAX = 20_000


def write_rules(text: str, *, actor: Actor) -> str:
    """Set the rules of the site, in Markdown, and return them cleaned; an empty text removes them.

    Raises `Forbidden` and `InvalidInput` (text).
    """
    require_administrator(actor)
    text = clean_body(text)
    raise_if_invalid(text=too_long_error(text, RULES_MAX))
    if text != site().rules:
        set_site(rules=text)
        record_staff_action("change_rules", "site", None, actor=actor)
    return text


def dismiss_checklist(*, actor: Actor) -> None:
    """Hide the list of first steps from all administrators, for good. Raises `Forbidden`."""
    require_administrator(actor)
    if site().is_checklist_dismissed:
        return
    set_site(is_checklist_dismissed="yes")
    record_staff_action("dismiss_checklist", "site", None, actor=actor)


def record_backup(*, now: datetime) -> None:
    """Record that a backup was made."""
    set_site(backed_up_at=now.isoformat())


def record_verification(*, now: datetime) -> None:
    """Record that a backup was verified and is good."""
    set_site(backup_verified_at=now.isoformat())


def record_backup_failure(reason: str, *, now: datetime) -> None:
    """Record that a backup could not be made, and why."""
    set_site(backup_failed_at=now.isoformat(), backup_failure=reason)
