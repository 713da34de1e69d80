"""A mail server that fails in the middle of a mail, as servers and networks do."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flask import Flask

ENDLESS = "220-one more line"
# What it answers to each command; None ends the connection, "" says nothing, ENDLESS goes on as long as it may.
ANSWERS: dict[str, str | None] = {
    "greeting": "220 mail.example.org",
    "EHLO": "250 mail.example.org",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    "mail": "250 accepted",
    "QUIT": "221 goodbye",
}


class FailingServer:
    """Accepts connections one after the other and answers by `answers`; `accepted` counts the mails that it took.

    `before_greeting` is called when a client waits for the greeting, in the thread of the server.
    """

    def __init__(self, before_greeting: Callable[[], object] = lambda: None, **answers: str | None) -> None:
        self.answers = ANSWERS | answers
        self.before_greeting = before_greeting
        self.accepted = self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                self.connections += 1
                with connection, suppress(OSError):
                    self.before_greeting()
                    self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        if not self._answer(connection, "greeting"):
            return
        for line in lines:
            command = line[:4].decode().upper()
            if not self._answer(connection, command):
                return
            if command == "DATA":
                for text in lines:
                    if text == b".\r\n":
                        break
                self.accepted += bool(self.answers["mail"])
                if not self._answer(connection, "mail"):
                    return

    def _answer(self, connection: socket.socket, name: str) -> bool:
        """Answer; returns whether the connection goes on."""
        answer = self.answers.get(name, "502 what?")
        if answer is None:
            return False
        if answer:
            connection.sendall(f"{answer}\r\n".encode())
        while answer == ENDLESS:
            time.sleep(0.05)
            connection.sendall(f"{answer}\r\n".encode())
        return True


@contextmanager
def failing_server(
    app: Flask, before_greeting: Callable[[], object] = lambda: None, **answers: str | None
) -> Iterator[FailingServer]:
    """Such a server, which the settings of `app` name."""
    server = FailingServer(before_greeting, **answers)
    app.config |= {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": server.port, "MAIL_TLS": "none"}
    try:
        yield server
    finally:
        server.close()
