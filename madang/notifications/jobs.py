"""Background jobs that notify people, send mails and digests, and delete notifications."""

from datetime import datetime, timedelta

from madang.core.clock import now
from madang.core.queue import job, scheduled

from .models.tables import Payload
from .operations import notifying, recipients
from .operations.mails import due_digests, send_digest, send_notification
from .operations.recipients import Mails

MESSAGE_MAIL_DELAY = timedelta(minutes=2)  # a message that is read sooner needs no mail


@job("notifications.notify_about_post")
def notify_about_post(post_id: int) -> None:
    """Notify the people whom a new or edited post concerns."""
    _enqueue_mails(recipients.notify_about_post(post_id, now=now()))


@job("notifications.notify_about_answer")
def notify_about_answer(post_id: int) -> None:
    """Notify the people whom a new answer concerns, then the followers of its question."""
    _enqueue_mails(recipients.notify_about_post(post_id, now=now()))
    notify_followers.enqueue(post_id=post_id)


@job("notifications.notify_followers")
def notify_followers(post_id: int, after: int = 0) -> None:
    """Notify a batch of followers of an answer's question, and enqueue a job for the next batch."""
    mails, last = recipients.notify_followers_of_answer(post_id, after, now=now())
    _enqueue_mails(mails)
    if last is not None:
        notify_followers.enqueue(post_id=post_id, after=last)


@job("notifications.notify_about_follower")
def notify_about_follower(follower_id: int, user_id: int) -> None:
    """Notify a person of a new follower."""
    _enqueue_mails(recipients.notify_about_follower(follower_id, user_id, now=now()))


@job("notifications.notify_about_comment")
def notify_about_comment(comment_id: int) -> None:
    """Notify the people whom a comment concerns."""
    _enqueue_mails(recipients.notify_about_comment(comment_id, now=now()))


@job("notifications.notify_about_acceptance")
def notify_about_acceptance(answer_id: int) -> None:
    """Notify the author of an accepted answer."""
    _enqueue_mails(recipients.notify_about_acceptance(answer_id, now=now()))


@job("notifications.notify_about_vote")
def notify_about_vote(post_id: int, voter_id: int) -> None:
    """Notify the author of a post of a vote for it."""
    _enqueue_mails(recipients.notify_about_vote(post_id, voter_id, now=now()))


@job("notifications.notify_about_comment_vote")
def notify_about_comment_vote(comment_id: int, voter_id: int) -> None:
    """Notify the author of a comment of a vote for it."""
    _enqueue_mails(recipients.notify_about_comment_vote(comment_id, voter_id, now=now()))


@job("notifications.notify_about_message")
def notify_about_message(message_id: int) -> None:
    """Notify members who have not read a message yet and chose a channel besides the inbox."""
    _enqueue_mails(recipients.notify_about_message(message_id, now=now()))


@job("notifications.forget_post")
def delete_post_notifications(post_id: int) -> None:
    """Delete the notifications about a deleted post."""
    notifying.delete_post_notifications(post_id, now=now())


@job("notifications.mail_notification")
def mail_notification(user_id: int, name: str, payload: Payload) -> None:
    """Send a person one notification as a mail."""
    send_notification(user_id, name, payload)


@scheduled(every=timedelta(minutes=15))
@job("notifications.send_due_digests")
def send_due_digests() -> None:
    """Enqueue each digest that is due as its own job: a failing address does not stop the others."""
    for user_id in due_digests(now=now()):
        mail_digest.enqueue(user_id=user_id)


@job("notifications.mail_digest")
def mail_digest(user_id: int) -> None:
    """Send a person's digest."""
    send_digest(user_id, now=now())


def notify_one(user_id: int, name: str, dedupe_key: str, payload: Payload, *, now: datetime) -> None:
    """Notify one person now, without grouping."""
    post_id = payload.get("post_id")
    channels = notifying.notify(
        user_id, name, dedupe_key=dedupe_key, group=dedupe_key, payload=payload, post_id=post_id, now=now
    )
    if "email" in channels:
        _enqueue_mails([(user_id, name, payload)])


def _enqueue_mails(mails: Mails) -> None:
    """Enqueue each mail as its own job: a failing mail server does not stop notifications on the page."""
    for user_id, name, payload in mails:
        mail_notification.enqueue(user_id=user_id, name=name, payload=payload)
