"""Send mail; without a mail server (development) it is written to the log and to the folder `mail` of the instance."""

import logging
import secrets
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, make_msgid
from pathlib import Path

from flask import current_app

from .clock import now
from .email_addresses import sendable_address
from .i18n import _, ngettext, use_locale
from .site import record_once, site

log = logging.getLogger("madang.mail")
SMTP_TIMEOUT_SECONDS = 20
NEVER_ENCODED = {"in-reply-to", "list-id", "list-unsubscribe", "list-unsubscribe-post", "message-id", "references"}


class MailPolicy(EmailPolicy):
    """The library's policy, which leaves ids and addresses in headers as they are, each on a line of its own.

    The library writes a word that is longer than a line as an encoded word (RFC 2047), which no mail program reads
    where RFC 2369 and RFC 5322 want an address or an id.
    """

    def fold(self, name: str, value: str) -> str:
        if name.lower() not in NEVER_ENCODED:
            return super().fold(name, value)
        return f"{name}: {f'{self.linesep} '.join(str(value).split())}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode() if name.lower() in NEVER_ENCODED else super().fold_binary(name, value)


POLICY = MailPolicy(linesep="\r\n")


def can_mail() -> bool:
    """Whether a mail server is configured."""
    return bool(current_app.config.get("MAIL_SERVER"))


def mail_locale(chosen: str | None) -> str:
    """The language of mails to a person: the chosen one, else the site's."""
    return chosen or site().locale or current_app.config["DEFAULT_LOCALE"]


def send_template(
    template: str, *, to: str, locale: str | None, headers: Mapping[str, str] | None = None, **values: object
) -> None:
    """Send `templates/<template>`, a text whose first line is the subject, in `locale`.

    The mail says that a program wrote it (RFC 3834), so that no program answers it.
    """
    with use_locale(locale):
        # Not render_template: its context processors need a request, and it escapes HTML.
        plain = current_app.jinja_env.get_template(template, globals={"_": _, "ngettext": ngettext})
        text = plain.render(site=site(), **values)
    subject, _newline, body = text.strip().partition("\n")
    automatic = {"Auto-Submitted": "auto-generated", **(headers or {})}
    send_mail(to=to, subject=subject, body=body.strip() + "\n", headers=automatic)


def thread_headers(name: str) -> dict[str, str]:
    """The headers by which mail programs show all mails about `name` ("post-12") as one thread (RFC 5322, 3.6.4)."""
    root = f"<{name}@{mail_domain()}>"
    return {"In-Reply-To": root, "References": root}


def mail_domain() -> str:
    """The domain of the sender's address, for ids of mails and lists."""
    return current_app.config["MAIL_FROM"].rpartition("@")[2].strip(" >") or "localhost"


def send_mail(
    *,
    to: str,
    subject: str,
    body: str,
    reply_to: str | None = None,
    name: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a plain text mail. Raises `smtplib.SMTPException` or `OSError` if the server does not accept it.

    `name` becomes the Message-ID, by which mail programs recognise a mail that is sent twice.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = sendable_address(to)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(now())
    if reply_to:
        message["Reply-To"] = reply_to
    message["Message-ID"] = f"<{name}@{mail_domain()}>" if name else make_msgid(domain=mail_domain())
    for header, value in (headers or {}).items():
        message[header] = value
    message.set_content(body)
    if can_mail():
        _deliver(message)
    else:
        _write_to_folder(message)


def _deliver(message: EmailMessage) -> None:
    config = current_app.config
    tls = config["MAIL_TLS"]
    factory = smtplib.SMTP_SSL if tls == "ssl" else smtplib.SMTP
    with factory(config["MAIL_SERVER"], config["MAIL_PORT"], timeout=SMTP_TIMEOUT_SECONDS) as server:
        if tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if config["MAIL_USERNAME"]:
            server.login(config["MAIL_USERNAME"], config["MAIL_PASSWORD"])
        server.send_message(message)
    if site().mail_accepted_at is None:
        record_once("mail_accepted_at", now())


def _write_to_folder(message: EmailMessage) -> None:
    folder = Path(current_app.instance_path) / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
    message.set_content(message.get_content(), cte="8bit")  # readable: long links in one line, Korean not encoded
    path.write_bytes(message.as_bytes(policy=POLICY.clone(utf8=True)))
    log.info("mail to %s kept in %s:\n%s\n%s", message["To"], path, message["Subject"], message.get_content())
