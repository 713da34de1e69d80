"""Telling people is work for later: whoever decides does not wait for it."""

from madang.core.clock import now
from madang.core.queue import job

from .operations.notifying import notify_flaggers


@job("moderation.tell_of_verdict")
def tell_of_verdict(flag_ids: list[int]) -> None:
    """Tell those who flagged something what the moderators decided."""
    notify_flaggers(flag_ids, now=now())
