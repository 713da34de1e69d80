"""Send mail. Without a mail server it is written to the log and the folder `mail` of the instance in development; in
production it fails, since it would reach nobody and the log would hold its links.
"""

import logging
import secrets
import smtplib
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from flask import current_app

from ..clock import now
from ..email_addresses import ascii_domain, is_plain_address, sendable_address
from ..errors import MadangError
from ..i18n import _, ngettext, use_locale
from ..mail_outcomes import FAILED, SENT, count_mail
from ..settings import setting
from ..site import offered_locales, record_once, site, site_locale
from ..text import well_formed
from .explaining import as_job_error, explain
from .headers import POLICY, check_headers, one_line, split_mailbox
from .smtp import smtp_connection

MAIL_TRIES = 28  # of a job: within a day, most of them an hour apart
log = logging.getLogger("madang.mail")


class UnsendableAddress(ValueError):
    """An address that mail programs could take for another one; see `is_plain_address`."""


class NoMailServer(MadangError):
    """A site in production has no mail server, so that a mail cannot be sent."""

    code = "no_mail_server"
    status = 503


def can_mail() -> bool:
    """Whether a mail server is configured."""
    return bool(setting("MAIL_SERVER"))


def mail_locale(chosen: str | None) -> str:
    """The language of mails to a person: the chosen one if the site offers it, else the site's."""
    return chosen if chosen in offered_locales() else site_locale()


def send_template(
    template: str, *, to: str, locale: str | None, headers: Mapping[str, str] | None = None, **values: object
) -> None:
    """Send `templates/<template>`, a text whose first line is the subject, in `locale`.

    The mail says that a program wrote it (RFC 3834), so that no program answers it. None is sent to an address from
    before that would be refused today. Raises `MailRefused` and `MailDelayed` (`core/mail/explaining.py`), for a job
    with `tries=MAIL_TRIES`.
    """
    with use_locale(locale):
        # Not render_template: its context processors need a request, and it escapes HTML.
        plain = current_app.jinja_env.get_template(template, globals={"_": _, "ngettext": ngettext})
        text = plain.render(site=site(), **values)
    subject, _newline, body = text.strip().partition("\n")
    automatic = {"Auto-Submitted": "auto-generated", **(headers or {})}
    try:
        send_mail(to=to, subject=subject, body=body.strip() + "\n", headers=automatic)
    except UnsendableAddress:
        log.warning("a mail is not sent: its recipient has no plain address")
    except (smtplib.SMTPException, OSError) as error:
        raise as_job_error(error) from error


def thread_headers(name: str) -> dict[str, str]:
    """The headers by which mail programs show all mails about `name` ("post-12") as one thread (RFC 5322, 3.6.4)."""
    root = f"<{name}@{mail_domain()}>"
    return {"In-Reply-To": root, "References": root}


def mail_domain() -> str:
    """The domain of the sender's address, for ids of mails and lists."""
    return ascii_domain(setting("MAIL_FROM").rpartition("@")[2].strip(" >")) or "localhost"


def send_mail(
    *,
    to: str,
    subject: str,
    body: str,
    reply_to: str | None = None,
    name: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a plain text mail. Raises `UnsendableAddress` (to), `NoMailServer`, and `smtplib.SMTPException` or `OSError`
    if the server does not accept it.

    `name` becomes the Message-ID, by which mail programs recognise a mail that is sent twice. What the caller has
    written is committed before: a mail server may be slow, and a lock would keep all others from writing on SQLite.
    The tests refuse a mail in a transaction that has written.
    """
    address = sendable_address(to)
    if not is_plain_address(address):
        raise UnsendableAddress(to)
    message = EmailMessage(policy=POLICY)
    message["From"] = setting("MAIL_FROM")
    message["To"] = address
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(now())
    if reply_to and _can_be_written_beside(reply_to, address):
        message["Reply-To"] = sendable_address(reply_to)
    message["Message-ID"] = f"<{name}@{mail_domain()}>" if name else make_msgid(domain=mail_domain())
    for header, value in (headers or {}).items():
        message[header] = value
    message.set_content(well_formed(body))
    if can_mail():
        _deliver(message, address)
    elif current_app.config.get("ENVIRONMENT") == "production":
        count_mail(FAILED)
        log.error("no_mail_server")
        raise NoMailServer(_("This site has no mail server, so the e-mail was not sent. Set MADANG_MAIL_SERVER."))
    else:
        _write_to_folder(message)


def _can_be_written_beside(address: str, to: str) -> bool:
    """Whether an address can stand in a mail to `to`: one beyond ASCII only if the other is so too (RFC 6532)."""
    return is_plain_address(sendable_address(address)) and (sendable_address(address).isascii() or not to.isascii())


def _deliver(message: EmailMessage, to: str) -> None:
    """Hand a mail to the server. Its sender and recipient are said by themselves, and never read from the headers."""
    sender = sendable_address(split_mailbox(setting("MAIL_FROM"))[1])
    is_utf8 = not (sender + to).isascii()
    content = _as_bytes(message, is_utf8=is_utf8)
    try:
        with smtp_connection() as server:
            if is_utf8 and not server.has_extn("smtputf8"):
                raise smtplib.SMTPNotSupportedError("the mail server cannot write to addresses beyond ASCII")
            server.sendmail(sender, [to], content, mail_options=("SMTPUTF8", "BODY=8BITMIME") if is_utf8 else ())
    except (smtplib.SMTPException, OSError) as error:
        count_mail(explain(error).outcome)
        raise
    count_mail(SENT)
    if site().mail_accepted_at is None:
        record_once("mail_accepted_at", now())


def _as_bytes(message: EmailMessage, *, is_utf8: bool) -> bytes:
    """A mail as it is sent. Raises `UnwritableHeader` if its headers are not those that it was given."""
    content = message.as_bytes(policy=POLICY.clone(utf8=is_utf8))
    check_headers(content, message)
    return content


def _write_to_folder(message: EmailMessage) -> None:
    folder = Path(current_app.instance_path) / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
    message.set_content(message.get_content(), cte="8bit")  # readable: long links in one line, Korean not encoded
    path.write_bytes(_as_bytes(message, is_utf8=True))
    log.info("mail to %s kept in %s:\n%s\n%s", message["To"], path, message["Subject"], message.get_content())
