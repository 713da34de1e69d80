"""Background jobs of accounts: mails with links, data export, purge of unused guests."""

from madang.core.clock import now
from madang.core.db import db
from madang.core.i18n import _
from madang.core.mail import mail_locale, send_template
from madang.core.queue import Outcome, job, scheduled
from madang.core.queue.result_files import new_result_file
from madang.core.web.urls import mail_url

from .models import User
from .operations.exporting import export_data
from .operations.guests import PURGE_BATCH_SIZE, purge_unused_guests
from .operations.recovery import begin_email_request
from .operations.signed_links import email_token, password_token
from .queries.users import find_by_email


def _find_account(user_id: int) -> User | None:
    user = db.session.get(User, user_id)
    return None if user is None or user.is_deleted else user


@job("accounts.send_password_link")
def send_password_link(user_id: int, host: str) -> None:
    """Mail a link that sets a new password. Does nothing for `user_id` 0 or an account without an address."""
    user = _find_account(user_id)
    if user is None or not user.email:
        return
    link = mail_url("recovery.reset", host, token=password_token(user))
    send_template("mail/password.txt", to=user.email, locale=mail_locale(user.locale), user=user, link=link)


@job("accounts.send_email_link")
def send_email_link(user_id: int, email: str, host: str) -> None:
    """Mail a link that confirms `email` as the account's address, unless it is confirmed already.

    If it is the address of another account, mail that account's owner instead.
    """
    user = _find_account(user_id)
    if user is None or (email == user.email and user.email_confirmed_at):
        return
    owner = find_by_email(email)
    if owner is not None and owner.id != user.id:
        _tell_owner(owner, user, host)
        return
    link = mail_url("recovery.confirm", host, token=email_token(user, email))
    send_template("mail/confirm.txt", to=email, locale=mail_locale(user.locale), user=user, link=link)


def _tell_owner(owner: User, user: User, host: str) -> None:
    """Mail the owner of an address that `user` asked for it: only they may know that it has an account."""
    links = {"login": mail_url("accounts.login", host), "forgot": mail_url("recovery.forgot", host)}
    locale = mail_locale(owner.locale)
    send_template("mail/address_taken.txt", to=owner.email or "", locale=locale, owner=owner, user=user, links=links)


def enqueue_email_link(user: User, email: str, host: str) -> None:
    """Mail a link that confirms `email` for the account; links that were mailed before become void."""
    begin_email_request(user)
    send_email_link.enqueue(owner_id=user.id, user_id=user.id, email=email, host=host)


@job("accounts.tell_former_address")
def notify_former_address(user_id: int, email: str) -> None:
    """Notify the former address of an account that the address has changed."""
    if user := _find_account(user_id):
        send_template("mail/address_changed.txt", to=email, locale=mail_locale(user.locale), user=user)


@job("accounts.export_my_data", title=lambda: _("Download my data"))
def export_my_data(user_id: int) -> Outcome | None:
    """Make the archive of a person's data. The result file is named `<username>.zip`."""
    user = _find_account(user_id)
    if user is None:
        return None
    path = new_result_file("zip", now())
    export_data(user, path)
    return Outcome({"file_name": f"{user.username}.zip"}, path.name)


@scheduled(daily_at=4)
@job("accounts.purge_guests")
def purge_guests() -> None:
    """Delete guests unused for 30 days; enqueues itself again while there are more."""
    if purge_unused_guests(now=now()) == PURGE_BATCH_SIZE:
        purge_guests.enqueue()
