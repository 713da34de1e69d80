"""Telling people is work for later: whoever writes does not wait for it."""

from datetime import datetime, timedelta
from typing import Any

from madang.core.clock import now
from madang.core.queue import job, scheduled

from .operations import notifying, recipients
from .operations.mails import due_digests, send_digest, send_notification
from .operations.recipients import Mails

READ_WITHIN = timedelta(minutes=2)  # whoever reads a message meanwhile needs no mail about it


@job("notifications.notify_about_post")
def notify_about_post(post_id: int) -> None:
    """Tell those whom a new or edited post or answer concerns."""
    _mail(recipients.notify_about_post(post_id, now=now()))


@job("notifications.notify_about_answer")
def notify_about_answer(post_id: int) -> None:
    """Tell those whom a new answer concerns, then those who follow its question."""
    _mail(recipients.notify_about_post(post_id, now=now()))
    notify_followers.enqueue(post_id=post_id)


@job("notifications.notify_followers")
def notify_followers(post_id: int, after: int = 0) -> None:
    """Tell some of the followers of an answer's question; the others are left to another job."""
    mails, last = recipients.notify_followers_of_answer(post_id, after, now=now())
    _mail(mails)
    if last is not None:
        notify_followers.enqueue(post_id=post_id, after=last)


@job("notifications.notify_about_follower")
def notify_about_follower(follower_id: int, user_id: int) -> None:
    """Tell a person who began to follow them."""
    _mail(recipients.notify_about_follower(follower_id, user_id, now=now()))


@job("notifications.notify_about_comment")
def notify_about_comment(comment_id: int) -> None:
    """Tell those whom a comment concerns."""
    _mail(recipients.notify_about_comment(comment_id, now=now()))


@job("notifications.notify_about_acceptance")
def notify_about_acceptance(answer_id: int) -> None:
    """Tell the author of an accepted answer."""
    _mail(recipients.notify_about_acceptance(answer_id, now=now()))


@job("notifications.notify_about_vote")
def notify_about_vote(post_id: int, voter_id: int) -> None:
    """Tell the author of a post that somebody voted for it."""
    _mail(recipients.notify_about_vote(post_id, voter_id, now=now()))


@job("notifications.notify_about_comment_vote")
def notify_about_comment_vote(comment_id: int, voter_id: int) -> None:
    """Tell the author of a comment that somebody voted for it."""
    _mail(recipients.notify_about_comment_vote(comment_id, voter_id, now=now()))


@job("notifications.notify_about_message")
def notify_about_message(message_id: int) -> None:
    """Tell those who have not read a message yet, where they want to hear of it besides the inbox."""
    _mail(recipients.notify_about_message(message_id, now=now()))


@job("notifications.forget_post")
def forget_post(post_id: int) -> None:
    """Take back what people were told of a post that was taken away."""
    notifying.forget_post(post_id, now=now())


@job("notifications.mail_notification")
def mail_notification(user_id: int, name: str, payload: dict) -> None:
    """Send somebody one notification as a mail."""
    send_notification(user_id, name, payload)


@scheduled(every=timedelta(minutes=15))
@job("notifications.send_due_digests")
def send_due_digests() -> None:
    """Ask for each digest that is due: one address that fails keeps nobody else from theirs."""
    for user_id in due_digests(now=now()):
        mail_digest.enqueue(user_id=user_id)


@job("notifications.mail_digest")
def mail_digest(user_id: int) -> None:
    """Send somebody what they have not read."""
    send_digest(user_id, now=now())


def tell_alone(user_id: int, name: str, thing: str, payload: dict[str, Any], *, now: datetime) -> None:
    """Tell somebody at once of what concerns them alone, in a line of its own."""
    post_id = payload.get("post_id")
    where = notifying.notify(user_id, name, thing=thing, group=thing, payload=payload, post_id=post_id, now=now)
    if "email" in where:
        _mail([(user_id, name, payload)])


def _mail(mails: Mails) -> None:
    """A mail is a job of its own: a mail server that is away keeps nobody from being told on the page."""
    for user_id, name, payload in mails:
        mail_notification.enqueue(user_id=user_id, name=name, payload=payload)
