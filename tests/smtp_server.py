"""A mail server for tests, on this machine: keeps what it accepts, and answers as it is told."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask

from tests.faults.site import free_port


class SmtpServer:
    """`replies` replaces the reply to "sender", "recipient" or "mail"; `password` is the one it accepts, if any."""

    def __init__(self, password: str = "") -> None:
        self.accepted: list[tuple[list[str], bytes]] = []
        self.replies: dict[str, str] = {}
        self.password = password
        self.port = free_port()

    async def handle_MAIL(self, _server, _session, envelope, address, _options):
        if "sender" in self.replies:
            return self.replies["sender"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if "recipient" in self.replies:
            return self.replies["recipient"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        if "mail" in self.replies:
            return self.replies["mail"]
        self.accepted.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"

    def authenticate(self, _server, _session, _envelope, _mechanism, data) -> AuthResult:
        return AuthResult(success=data.password.decode() == self.password, handled=False)


@contextmanager
def smtp_server(app: Flask, *, tls: str = "none", context: ssl.SSLContext | None = None) -> Iterator[SmtpServer]:
    """A mail server that the settings of `app` name; with `context` it offers STARTTLS, or speaks TLS (`tls` ssl)."""
    server = SmtpServer(app.config["MAIL_PASSWORD"] or "")
    options = {"auth_require_tls": False, "auth_required": bool(server.password)}
    if server.password:
        options["authenticator"] = server.authenticate
    if context is not None:
        options["ssl_context" if tls == "ssl" else "tls_context"] = context
    controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
    app.config |= {"MAIL_SERVER": "localhost", "MAIL_PORT": server.port, "MAIL_TLS": tls}
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
