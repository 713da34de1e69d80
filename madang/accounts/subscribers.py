"""What follows from what happens to accounts."""

from madang.core.db import db
from madang.core.queue.events import PurgeDue
from madang.core.rest.idempotency import purge_idempotency_records
from madang.core.settings import setting
from madang.core.web.urls import host_of_request

from .events import EmailReplaced, UserSignedUp
from .jobs import send_email_link, tell_former_address
from .models import User
from .operations.access_tokens import forget_ended_tokens
from .operations.sessions import forget_ended_sessions


def on_user_signed_up(event: UserSignedUp) -> None:
    """Where addresses are confirmed, the link goes out with the account."""
    user = db.session.get_one(User, event.user_id)
    if setting("EMAIL_CONFIRMATION") and user.email:
        send_email_link.enqueue(owner_id=user.id, user_id=user.id, email=user.email, host=host_of_request())


def on_email_replaced(event: EmailReplaced) -> None:
    """The new address is confirmed where addresses are; the former one hears of it."""
    user = db.session.get_one(User, event.user_id)
    if setting("EMAIL_CONFIRMATION") and user.email:
        send_email_link.enqueue(owner_id=user.id, user_id=user.id, email=user.email, host=host_of_request())
    if event.former:
        tell_former_address.enqueue(owner_id=user.id, user_id=user.id, email=event.former)


def on_purge_due(event: PurgeDue) -> None:
    forget_ended_sessions(event.moment)
    forget_ended_tokens(event.moment)
    purge_idempotency_records(event.moment)
