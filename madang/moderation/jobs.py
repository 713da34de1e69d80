"""Background job that notifies flaggers of a verdict."""

from madang.core.clock import now
from madang.core.queue import job

from .operations.notifying import notify_flaggers


@job("moderation.tell_of_verdict")
def notify_of_verdict(flag_ids: list[int]) -> None:
    """Notify the flaggers of the moderators' verdict."""
    notify_flaggers(flag_ids, now=now())
