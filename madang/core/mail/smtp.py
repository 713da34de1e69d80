"""The connection to the mail server: encrypted and logged in as the settings say."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..settings import setting

SMTP_TIMEOUT_SECONDS = 20  # for each answer
MAX_SECONDS = 60  # for all of them: a server that answers slowly would keep the other jobs waiting


class NotEncrypted(smtplib.SMTPException):
    """The server was asked for STARTTLS and does not offer it."""


class Interrupted(smtplib.SMTPServerDisconnected):
    """The server ended the connection after it had greeted, or took too long."""


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
    with _closed_at_last(server):
        _open_session(server, tls, context)
        try:
            yield server
        except smtplib.SMTPServerDisconnected as error:
            if isinstance(error.__context__, TimeoutError):  # smtplib hides it
                raise
            raise Interrupted(*error.args) from error
        with suppress(smtplib.SMTPException, OSError):  # what was sent is accepted, however the server says goodbye
            server.quit()


def _open_session(server: smtplib.SMTP, tls: str, context: ssl.SSLContext) -> None:
    """Encrypt and log in as the settings say."""
    if tls == "starttls":
        server.ehlo_or_helo_if_needed()
        if not server.has_extn("starttls"):
            raise NotEncrypted("the server does not offer STARTTLS")
        server.starttls(context=context)
    if setting("MAIL_USERNAME"):
        server.login(setting("MAIL_USERNAME"), setting("MAIL_PASSWORD") or "")
    server.ehlo_or_helo_if_needed()


@contextmanager
def _closed_at_last(server: smtplib.SMTP) -> Iterator[None]:
    """Close the connection at the end of the block, or end it when that takes too long."""

    def end() -> None:
        if server.sock:
            with suppress(OSError):  # it is closed just now
                server.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(MAX_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        server.close()
