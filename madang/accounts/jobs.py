"""Background jobs of accounts: mails with links, data export, purge of unused guests."""

from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.i18n import _
from madang.core.mail import MAIL_TRIES, mail_locale, send_template
from madang.core.queue import Outcome, job, of_feature, scheduled
from madang.core.queue.result_files import new_result_file
from madang.core.web.request_limits import is_mail_due
from madang.core.web.urls import mail_url

from .models import FormerAddress, User
from .operations.addresses import begin_email_request
from .operations.exporting import export_data
from .operations.guests import PURGE_BATCH_SIZE, purge_unused_guests
from .operations.recovery import accounts_to_recover, begin_password_request
from .operations.signed_links import email_token, password_token
from .queries.users import find_by_email


def _find_account(user_id: int) -> User | None:
    user = db.session.get(User, user_id)
    return None if user is None or user.is_deleted else user


@job("accounts.send_password_link", tries=MAIL_TRIES)
def send_password_link(user_id: int, host: str) -> None:
    """Mail a link that sets a new password; nothing for an account without an address."""
    _mail_password_links([user_id], host)


@job("accounts.send_recovery_mail", tries=MAIL_TRIES)
def send_recovery_mail(user_ids: list[int], host: str) -> None:
    """Mail a link that sets a new password of each of these accounts, which have one address; nothing for none."""
    _mail_password_links(user_ids, host)


def _mail_password_links(user_ids: list[int], host: str) -> None:
    """Mail one link of each account, all in one mail. Links that were mailed before become void."""
    users = [user for user in map(_find_account, user_ids) if user and user.email]
    if not users:
        return
    with transaction():  # no lock may be held while the mail server is waited for
        for user in users:
            begin_password_request(user)
    links = {user.username: mail_url("recovery.reset", host, token=password_token(user)) for user in users}
    template = "mail/password.txt" if len(users) == 1 else "mail/passwords.txt"
    to, locale = users[0].email or "", mail_locale(users[0].locale)
    send_template(template, to=to, locale=locale, user=users[0], links=links)


def enqueue_recovery_mail(email: str, host: str) -> None:
    """Mail links that set a new password to an address, within its limit of such mails.

    The work until the response is the same whether an account has the address or not. Raises `InvalidInput` (email).
    """
    users = accounts_to_recover(email)
    if is_mail_due(email, "recovery"):
        send_recovery_mail.enqueue(user_ids=[user.id for user in users], host=host)


@job("accounts.send_email_link", tries=MAIL_TRIES)
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


def enqueue_email_link(user: User, email: str, host: str, *, purpose: str | None) -> None:
    """Mail a link that confirms `email` for the account; links that were mailed before become void.

    `purpose` names the count of a mail that anybody can cause: above the limit nothing is mailed, and a link to the
    same address stays good. None for staff.
    """
    is_due = purpose is None or is_mail_due(email, purpose)
    if is_due or email != user.email:
        begin_email_request(user)
        db.session.flush()
    if is_due:
        send_email_link.enqueue(owner_id=user.id, user_id=user.id, email=email, host=host)


@job("accounts.tell_former_address", tries=MAIL_TRIES)
def notify_former_address(user_id: int, email: str, was_pending: bool = False) -> None:
    """Notify the former address of an account that another one took its place.

    With `was_pending` the address was never the account's: it only waited to be confirmed.
    """
    if user := _find_account(user_id):
        template = "mail/address_unused.txt" if was_pending else "mail/address_changed.txt"
        send_template(template, to=email, locale=mail_locale(user.locale), user=user)


def enqueue_former_address_notice(user: User, former: FormerAddress | None) -> None:
    """Notify the former address of an account, if it had one. Anybody can cause such a mail to a pending address."""
    if former and (not former.was_pending or is_mail_due(former.email, "former")):
        notify_former_address.enqueue(
            owner_id=user.id, user_id=user.id, email=former.email, was_pending=former.was_pending
        )


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
@of_feature("FEATURE_GUESTS")
@job("accounts.purge_guests")
def purge_guests() -> None:
    """Delete guests that nobody has used for long; enqueues itself again while there are more."""
    if purge_unused_guests(now=now()) == PURGE_BATCH_SIZE:
        purge_guests.enqueue()
