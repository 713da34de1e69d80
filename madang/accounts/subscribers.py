"""What follows from what happens to accounts."""

from flask import current_app

from madang.core.db import db

from .events import UserSignedUp
from .jobs import send_email_link
from .links import host_of_request
from .models import User


def on_user_signed_up(event: UserSignedUp) -> None:
    """Where addresses are confirmed, the link goes out with the account."""
    user = db.session.get_one(User, event.user_id)
    if current_app.config["EMAIL_CONFIRMATION"] and user.email:
        send_email_link.later(owner_id=user.id, user_id=user.id, email=user.email, host=host_of_request())
