"""The connection to the mail server: encrypted and logged in as the settings say."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from ..settings import setting

SMTP_TIMEOUT_SECONDS = 20  # for each answer
MAX_SECONDS = 60  # for all of them: a server that answers slowly would keep the other jobs waiting


class NotEncrypted(smtplib.SMTPException):
    """The server was asked for STARTTLS and does not offer it."""


class Interrupted(smtplib.SMTPServerDisconnected):
    """The server ended the connection after it had greeted, or took too long."""


class _BoundedSession(smtplib.SMTP):
    """A session that is ended when it takes too long; from the greeting on, since that may be endless too."""

    _timer: threading.Timer | None = None
    _took_too_long = False

    def getreply(self) -> tuple[int, bytes]:
        if not self._timer:
            self._timer = threading.Timer(MAX_SECONDS, self._end)
            self._timer.daemon = True
            self._timer.start()
        try:
            return super().getreply()
        except smtplib.SMTPServerDisconnected as error:
            if self._took_too_long:
                raise Interrupted(*error.args) from error
            raise

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        super().close()

    def _end(self) -> None:
        self._took_too_long = True
        if self.sock:
            with suppress(OSError):  # it is closed just now
                self.sock.shutdown(socket.SHUT_RDWR)


class _BoundedEncryptedSession(_BoundedSession, smtplib.SMTP_SSL):
    """The same, encrypted from the start."""


@contextmanager
def smtp_connection(timeout_seconds: float | None = None) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server of the settings, encrypted and logged in.

    Raises `smtplib.SMTPException`, `ssl.SSLError` and `OSError`; `core/mail/explaining.py` has a sentence for each.
    """
    seconds = timeout_seconds or SMTP_TIMEOUT_SECONDS
    host, port, tls = setting("MAIL_SERVER"), setting("MAIL_PORT"), setting("MAIL_TLS")
    context = ssl.create_default_context()
    if tls == "ssl":
        server: _BoundedSession = _BoundedEncryptedSession(host, port, timeout=seconds, context=context)
    else:
        server = _BoundedSession(host, port, timeout=seconds)
    with closing(server):
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
