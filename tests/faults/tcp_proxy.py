"""A TCP proxy that can cut its connections, refuse new ones or fall silent, as servers and networks do that fail."""

import socket
import threading
from contextlib import suppress
from typing import Self


class TcpProxy:
    """Forwards connections to a server."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open: set[socket.socket] = set()
        self._is_silent = False
        self._listener: socket.socket | None = None
        self.port = 0
        self.resume()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.refuse()

    def refuse(self) -> None:
        """Cut all connections and refuse new ones, as after the end of the server."""
        if self._listener:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # ends accept()
            self._listener.close()
            self._listener = None
        self._cut()

    def fall_silent(self) -> None:
        """Cut all connections and accept new ones without an answer, as a network that loses everything."""
        self._is_silent = True
        self._cut()

    def resume(self) -> None:
        """Forward again."""
        self._is_silent = False
        self._cut()
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self.port = self._listener.getsockname()[1]
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _cut(self) -> None:
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            self._open.add(client)
            if not self._is_silent:
                server = socket.create_connection(self._target)
                self._open.add(server)
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
            self._open.discard(each)
