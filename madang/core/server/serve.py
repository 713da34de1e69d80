"""The web server: uvicorn with one process or several."""

import contextlib
import errno
import logging
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from multiprocessing import parent_process, resource_tracker
from pathlib import Path

import click
import uvicorn
from flask import Flask
from uvicorn.supervisors import ChangeReload, Multiprocess

from madang.core.errors import Unavailable
from madang.core.i18n import _
from madang.core.instruments import MULTIPROCESS, forget_process

from .connections import KEEP_ALIVE_SECONDS, protocol_for
from .gateway import Gateway
from .open_files import raise_limit

GRACE_SECONDS = 10
CHECK_SECONDS = 1  # between looks whether the first of several processes is still there
STOPPED = "Madang has stopped."
log = logging.getLogger("madang.server")


def serve_site(
    app: Flask, *, host: str, port: int, workers: int, setup_code: str | None, reloads: bool = False
) -> None:
    """Serve on `host` and `port` (0: any free one) until a signal; print the URL in one line.

    With `reloads` one process serves, which is replaced whenever a module of this package changes.
    Raises `Unavailable` if it cannot listen there.
    """
    raise_limit()
    config = uvicorn.Config(
        "madang.asgi:app" if workers > 1 or reloads else Gateway(app),
        host=host,
        port=port,
        http=protocol_for(app.config["TRUSTED_PROXIES"]),
        workers=workers,
        reload=reloads,
        reload_dirs=[app.root_path] if reloads else None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_notify=CHECK_SECONDS,
        callback_notify=_end_with_first_process,
    )
    if workers > 1:
        _share_metrics(Path(app.instance_path) / "metrics")
    listener = listen(host, port, config.backlog)  # requests right after the printed URL wait for the first process
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _exit_now)
    click.echo(_banner(listener, setup_code))
    _run(config, listener)
    click.echo(STOPPED)


def listen(host: str, port: int, backlog: int) -> socket.socket:
    """Return a socket that listens on `host` and `port`, for this process and those that it starts.

    Raises `Unavailable`, with a sentence that says which port or address to use instead.
    """
    try:
        listener = _bind(host, port, backlog)
    except OSError as error:
        raise Unavailable(_listen_error(error, host, port)) from error
    listener.set_inheritable(True)
    return listener


def _bind(host: str, port: int, backlog: int = 1) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=backlog)


def _listen_error(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return _(
            "Port %(port)s is in use by another program, perhaps by Madang itself. A free one is: --port %(free)s",
            port=port,
            free=_next_free_port(host, port),
        )
    if error.errno == errno.EACCES:
        return _(
            "You are not allowed to listen on port %(port)s. Choose one above 1023, such as --port 5000.", port=port
        )
    return _("This machine has no address %(host)s. Use --host 127.0.0.1, or 0.0.0.0 for all.", host=host)


def _next_free_port(host: str, port: int) -> int:
    """Return the first port above `port` that is free at present, or 0, which stands for any free one."""
    for free in range(port + 1, min(port + 100, 65536)):
        with contextlib.suppress(OSError), _bind(host, free):
            return free
    return 0


def _exit_now(*_: object) -> None:
    """Exit while uvicorn handles no signals: before it starts, and when it re-raises the signal that stopped it.

    Nothing needs to be stopped then. An exception could get lost: the garbage collector swallows those of finalizers.
    """
    os.write(1, f"{STOPPED}\n".encode())
    os._exit(0)


class ProcessSupervisor(Multiprocess):
    """Several processes that ignore Ctrl-C and are stopped by the first one: those starting up would print errors."""

    _known: AbstractSet[int | None] = frozenset()

    def init_processes(self) -> None:
        with _interrupts_blocked():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        with _interrupts_blocked():
            super().keep_subprocess_alive()
        running = {process.pid for process in self.processes}
        for process_id in self._known - running:
            forget_process(process_id)
        self._known = running


async def _end_with_first_process() -> None:
    """Stop when the process that started this one was killed: it would hold the port, and nothing would stop it."""
    first = parent_process()
    if first is not None and not first.is_alive():
        os.kill(os.getpid(), signal.SIGTERM)


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block SIGINT in this process meanwhile, and for good in processes that it starts."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # its start unblocks signals
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    yield
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _run(config: uvicorn.Config, listener: socket.socket) -> None:
    if config.should_reload:
        ChangeReload(config, target=partial(_run_replaceable, config), sockets=[listener]).run()
    elif config.workers > 1:
        ProcessSupervisor(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


def _run_replaceable(config: uvicorn.Config, sockets: list[socket.socket] | None) -> None:
    """Serve in a process that ends normally at a signal: the debugger's semaphore is then closed without a warning."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: sys.exit())
    uvicorn.Server(config).run(sockets)


def _share_metrics(folder: Path) -> None:
    """Give the processes an empty folder for their metrics, so that each can add up all of them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[MULTIPROCESS] = str(folder)


def _banner(listener: socket.socket, setup_code: str | None) -> str:
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return f"Madang is ready at {address}" + (f" (setup code {setup_code})" if setup_code else "")
