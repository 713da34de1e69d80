"""Background jobs that notify moderators of flags, and flaggers of a verdict."""

from madang.core.clock import now
from madang.core.queue import job

from .operations.notifying import notify_flaggers, notify_moderators, retract_flags


@job("moderation.tell_of_verdict")
def notify_of_verdict(flag_ids: list[int]) -> None:
    """Notify the flaggers of the moderators' verdict; the flags leave the moderators' notifications."""
    notify_flaggers(flag_ids, now=now())


@job("moderation.tell_moderators")
def notify_of_flag(flag_id: int) -> None:
    """Notify the moderators of a flag."""
    notify_moderators(flag_id, now=now())


@job("moderation.forget_flag")
def retract_flag(flagger_id: int, post_id: int | None = None, comment_id: int | None = None) -> None:
    """Take a flag that was taken back out of the moderators' notifications."""
    retract_flags(flagger_id, post_id=post_id, comment_id=comment_id, now=now())
