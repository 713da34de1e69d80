"""Background jobs that notify people, send mails and digests, and delete notifications."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from madang.core.clock import now
from madang.core.mail import MAIL_TRIES
from madang.core.queue import job, scheduled
from madang.core.queue.functions import JsonObject

from .kinds import EVENT_KINDS, Ids, Notice
from .kinds.lookups import load_posts
from .models.tables import Payload
from .operations import retracting
from .operations.delivering import deliver_notices
from .operations.mails import DueDigest, send_digest, send_notification, take_due_digests


def _arguments(*kinds: str, **ids: int) -> JsonObject:
    return {"kinds": list(kinds), "ids": ids}


FORMER: dict[str, Callable[..., JsonObject]] = {
    # The jobs of version 0.1, which a site that is upgraded may still hold. They may go in version 0.3.
    "notifications.notify_about_post": partial(_arguments, "answer_posted", "mentioned"),
    "notifications.notify_about_answer": partial(
        _arguments, "answer_posted", "mentioned", "followed_question_answered"
    ),
    "notifications.notify_followers": partial(_arguments, "followed_question_answered"),
    "notifications.notify_about_follower": partial(_arguments, "person_followed"),
    "notifications.notify_about_comment": partial(_arguments, "comment_posted", "mentioned"),
    "notifications.notify_about_acceptance": partial(_arguments, "answer_accepted"),
    "notifications.notify_about_vote": lambda voter_id, **ids: _arguments("post_voted", actor_id=voter_id, **ids),
    "notifications.notify_about_comment_vote": lambda voter_id, **ids: _arguments(
        "post_voted", actor_id=voter_id, **ids
    ),
    "notifications.notify_about_message": partial(_arguments, "message_received"),
}


@job("notifications.notify", former=FORMER)
def notify(kinds: list[str], ids: Ids) -> None:
    """Notify the people whom an event concerns, each by the first of these kinds of notification that names them.

    `ids` are those of the event. What remains of a kind with many recipients is a job of its own.
    """
    _posts = load_posts(ids)
    notices = [notice for name in kinds if (notice := EVENT_KINDS[name].notice(ids)) is not None]
    send_notices(notices, now=now())
    for notice in notices:
        if notice.rest is not None:
            notify.enqueue(kinds=[notice.kind], ids=notice.rest)


def send_notices(notices: Iterable[Notice], *, now: datetime) -> None:
    """Notify the people of these notices now, and enqueue each mail as its own job.

    A failing mail server does not stop notifications on the page.
    """
    for user_id, notice in deliver_notices(notices, now=now):
        mail_notification.enqueue(user_id=user_id, name=notice.kind, payload=notice.payload)


@job("notifications.forget_post")
def delete_post_notifications(post_id: int) -> None:
    """Delete the notifications about a deleted post, its answers and its comments."""
    retracting.retract_about_post(post_id, now=now())


@job("notifications.forget_board")
def forget_board(board_id: int) -> None:
    """Delete the notifications about what stands on a board of those who may not see it, or not any more."""
    retracting.retract_about_board(board_id, now=now())


@job("notifications.forget_hidden")
def forget_hidden(user_id: int) -> None:
    """Delete a person's notifications about what stands on boards that they may not see any more."""
    retracting.retract_hidden_of(user_id, now=now())


@job("notifications.forget_comment")
def delete_comment_notifications(comment_id: int) -> None:
    """Delete the notifications about a deleted comment."""
    retracting.retract_about_comment(comment_id, now=now())


@job("notifications.forget_vote")
def retract_vote(actor_id: int, post_id: int | None = None, comment_id: int | None = None) -> None:
    """Take a vote that was taken back out of its author's notifications."""
    retracting.retract_vote(actor_id, post_id=post_id, comment_id=comment_id, now=now())


@job("notifications.forget_acceptance")
def retract_acceptance(answer_id: int) -> None:
    """Take away the notification of an acceptance that was taken back."""
    retracting.retract_acceptance(answer_id, now=now())


@job("notifications.mail_notification", tries=MAIL_TRIES)
def mail_notification(user_id: int, name: str, payload: Payload) -> None:
    """Send a person one notification as a mail."""
    send_notification(user_id, name, payload)


@scheduled(every=timedelta(minutes=15))
@job("notifications.send_due_digests")
def send_due_digests() -> None:
    """Enqueue each digest that is due as its own job: a failing address does not stop the others."""
    for digest in take_due_digests(now=now()):
        since, until = digest.since.isoformat(), digest.until.isoformat()
        mail_digest.enqueue(user_id=digest.user_id, since=since, until=until)


@job("notifications.mail_digest", tries=MAIL_TRIES)
def mail_digest(user_id: int, since: str | None = None, until: str | None = None) -> None:
    """Send a person's digest of a time, which is given in the form of ISO 8601.

    A job of version 0.1 names none; its digest is still due, and gets a job that does.
    """
    if since and until:
        send_digest(DueDigest(user_id, datetime.fromisoformat(since), datetime.fromisoformat(until)))
