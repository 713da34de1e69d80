"""Subscribers of accounts: mail confirmation links, purge expired rows."""

from madang.core.db import db
from madang.core.queue.events import PurgeDue
from madang.core.rest.idempotency import delete_idempotency_records, purge_idempotency_records
from madang.core.settings import setting
from madang.core.web.urls import host_of_request

from .events import EmailReplaced, UserDeleted, UserSignedUp
from .jobs import enqueue_email_link, enqueue_former_address_notice
from .models import User
from .operations.access_tokens import purge_expired_tokens
from .operations.sessions import purge_expired_sessions


def on_user_signed_up(event: UserSignedUp) -> None:
    """Mail the confirmation link, if the address waits for it."""
    user = db.session.get_one(User, event.user_id)
    if user.email and (user.pending_email_key or setting("EMAIL_CONFIRMATION")):
        purpose = "sign-up" if user.pending_email_key else None
        enqueue_email_link(user, user.email, host_of_request(), purpose=purpose)


def on_email_replaced(event: EmailReplaced) -> None:
    """Mail the confirmation link to the new address, if the site confirms addresses; notify the former address."""
    user = db.session.get_one(User, event.user_id)
    if setting("EMAIL_CONFIRMATION") and user.email:
        enqueue_email_link(user, user.email, host_of_request(), purpose=None)
    enqueue_former_address_notice(user, event.former)


def on_user_deleted(event: UserDeleted) -> None:
    """Delete the stored responses to programs of the person, which repeat what they wrote."""
    delete_idempotency_records(event.user_id)


def on_purge_due(event: PurgeDue) -> None:
    """Delete expired sessions, personal tokens and idempotency records."""
    purge_expired_sessions(event.moment)
    purge_expired_tokens(event.moment)
    purge_idempotency_records(event.moment)
