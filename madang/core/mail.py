"""Mails: one function sends; without a mail server (development) they are written to the log and to instance/mail."""

import logging
import secrets
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime, make_msgid
from pathlib import Path

from flask import current_app

from .clock import now
from .i18n import _, ngettext, use_locale
from .site import site

log = logging.getLogger("madang.mail")
SMTP_TIMEOUT_SECONDS = 20


def can_mail() -> bool:
    """Whether mails reach anybody: a server is configured."""
    return bool(current_app.config.get("MAIL_SERVER"))


def readers_locale(chosen: str | None) -> str:
    """The language of mails to somebody: what they chose, else the site's."""
    return chosen or site().locale or current_app.config["DEFAULT_LOCALE"]


def send_template(
    template: str, *, to: str, locale: str | None, headers: Mapping[str, str] | None = None, **values: object
) -> None:
    """Send `templates/<template>`, a text whose first line is the subject, in the reader's language."""
    with use_locale(locale):
        # Not render_template: what pages are given belongs to a request, and jobs have none; and a mail is no HTML.
        plain = current_app.jinja_env.get_template(template, globals={"_": _, "ngettext": ngettext})
        text = plain.render(site=site(), **values)
    subject, _newline, body = text.strip().partition("\n")
    send_mail(to=to, subject=subject, body=body.strip() + "\n", headers=headers)


def send_mail(
    *,
    to: str,
    subject: str,
    body: str,
    reply_to: str | None = None,
    name: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send one plain mail. Raises `smtplib.SMTPException` or `OSError` when the server does not take it.

    A mail of the same `name` that is sent again is the same mail to whoever receives it.
    """
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = to
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(now())
    if reply_to:
        message["Reply-To"] = reply_to
    domain = current_app.config["MAIL_FROM"].rpartition("@")[2].strip(" >") or "localhost"
    message["Message-ID"] = f"<{name}@{domain}>" if name else make_msgid(domain=domain)
    for header, value in (headers or {}).items():
        message[header] = value
    message.set_content(body)
    if can_mail():
        _deliver(message)
    else:
        _keep(message)


def _deliver(message: EmailMessage) -> None:
    config = current_app.config
    secured = config["MAIL_TLS"]
    factory = smtplib.SMTP_SSL if secured == "ssl" else smtplib.SMTP
    with factory(config["MAIL_SERVER"], config["MAIL_PORT"], timeout=SMTP_TIMEOUT_SECONDS) as server:
        if secured == "starttls":
            server.starttls(context=ssl.create_default_context())
        if config["MAIL_USERNAME"]:
            server.login(config["MAIL_USERNAME"], config["MAIL_PASSWORD"])
        server.send_message(message)


def _keep(message: EmailMessage) -> None:
    folder = Path(current_app.instance_path) / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
    message.set_content(message.get_content(), cte="8bit")  # for a person's eye: links stay whole, Korean readable
    path.write_bytes(message.as_bytes(policy=SMTPUTF8))
    log.info("mail to %s kept in %s:\n%s\n%s", message["To"], path, message["Subject"], message.get_content())
