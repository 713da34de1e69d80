"""Connections to MySQL and MariaDB by PyMySQL that wait for the server's greeting no longer than for the connection."""

import socket

from pymysql.connections import Connection


class GreetedConnection(Connection):
    """PyMySQL's `connect_timeout` ends with the TCP connection; the greeting may take as long as any statement.

    A server behind a network that loses everything would keep each request for an hour.
    """

    def connect(self, sock: socket.socket | None = None) -> None:
        """Connect and log in. Raises `pymysql.err.OperationalError`."""
        answer_timeout: float | None = self._read_timeout
        self._read_timeout: float | None = self.connect_timeout
        try:
            super().connect(sock)
        finally:
            self._read_timeout = answer_timeout
