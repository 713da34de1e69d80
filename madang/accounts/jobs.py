"""The background work of accounts: mails and archives."""

from pathlib import Path

from flask import current_app

from madang.core.clock import now
from madang.core.db import db
from madang.core.jobs import job
from madang.core.mail import send_template
from madang.core.site import site

from .exporting import export_data
from .links import email_token, mail_url, password_token
from .models import User


def exports_folder() -> Path:
    """Where archives of people's data lie."""
    return Path(current_app.instance_path) / "exports"


def _locale(user: User) -> str:
    return user.locale or site().locale or current_app.config["DEFAULT_LOCALE"]


def _person(user_id: int) -> User | None:
    user = db.session.get(User, user_id)
    return None if user is None or user.is_deleted else user


@job
def send_password_link(user_id: int, host: str) -> None:
    """Mail somebody the link that sets a new password; nobody (0) gets none."""
    user = _person(user_id)
    if user is None or not user.email:
        return
    link = mail_url("recovery.reset", host, token=password_token(user))
    send_template("mail/password.txt", to=user.email, locale=_locale(user), user=user, link=link)


@job
def send_email_link(user_id: int, email: str, host: str) -> None:
    """Mail the link that confirms `email` as somebody's address, unless it is confirmed already."""
    user = _person(user_id)
    if user is None or (email == user.email and user.email_confirmed_at):
        return
    link = mail_url("recovery.confirm", host, token=email_token(user, email))
    send_template("mail/confirm.txt", to=email, locale=_locale(user), user=user, link=link)


@job
def tell_former_address(user_id: int, email: str) -> None:
    """Tell the address that an account had that it has another one now."""
    if user := _person(user_id):
        send_template("mail/address_changed.txt", to=email, locale=_locale(user), user=user)


@job
def export_my_data(user_id: int) -> dict[str, str] | None:
    """Make the archive of a person's data."""
    user = _person(user_id)
    return {"file": export_data(user, folder=exports_folder(), now=now())} if user else None
