"""The connection to the mail server: encrypted and logged in as the settings say."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from ..settings import setting

SMTP_TIMEOUT_SECONDS = 20


class NotEncrypted(smtplib.SMTPException):
    """The server was asked for STARTTLS and does not offer it."""


@contextmanager
def smtp_connection(timeout_seconds: float | None = None) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server of the settings, encrypted and logged in.

    Raises `smtplib.SMTPException`, `ssl.SSLError` and `OSError`; `core/mail/explaining.py` has a sentence for each.
    """
    seconds = timeout_seconds or SMTP_TIMEOUT_SECONDS
    host, port, tls = setting("MAIL_SERVER"), setting("MAIL_PORT"), setting("MAIL_TLS")
    context = ssl.create_default_context()
    if tls == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=seconds)
    with server:
        if tls == "starttls":
            server.ehlo_or_helo_if_needed()
            if not server.has_extn("starttls"):
                raise NotEncrypted("the server does not offer STARTTLS")
            server.starttls(context=context)
        if setting("MAIL_USERNAME"):
            server.login(setting("MAIL_USERNAME"), setting("MAIL_PASSWORD") or "")
        server.ehlo_or_helo_if_needed()
        yield server
