"""The worker class of gunicorn: each web process runs the same server as `madang serve`, with its bounds and its end.

gunicorn starts, watches and replaces the processes (deploy/gunicorn.conf.py). Its own worker class for ASGI, when it is
stopped, waits for idle connections until they time out.
"""

import os
import signal
import sys

import uvicorn
from gunicorn.arbiter import Arbiter
from gunicorn.systemd import sd_notify
from gunicorn.workers.base import Worker

from .connections import ProxiedProtocol
from .handover import report_listening
from .open_files import raise_limit

BEAT_SECONDS = 1  # between signs of life to gunicorn; it ends a process without one after its `timeout`
GRACE_MARGIN_SECONDS = 5  # left of gunicorn's `graceful_timeout` for services, after the last request


class ServerWorker(Worker):
    """A web process of gunicorn, which runs uvicorn."""

    _has_reported = False
    _server: uvicorn.Server

    def init_signals(self) -> None:
        """Let signals end the process while it loads; uvicorn sets its own handlers for SIGTERM and SIGINT."""
        for number in self.SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGQUIT, self.handle_quit)
        signal.signal(signal.SIGABRT, self.handle_abort)
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # rotate log files: the log does so itself
        signal.signal(signal.SIGWINCH, signal.SIG_IGN)

    def run(self) -> None:
        raise_limit()
        self._warm_up()
        config = uvicorn.Config(
            self.wsgi,
            http=ProxiedProtocol,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=self.cfg.keepalive,
            timeout_graceful_shutdown=max(1, self.cfg.graceful_timeout - GRACE_MARGIN_SECONDS),
            timeout_notify=BEAT_SECONDS,
            callback_notify=self._beat,
        )
        self._server = uvicorn.Server(config)
        for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn raises the signal that stopped it once more at the end
            signal.signal(number, lambda *_: sys.exit())
        self._server.run([each.sock for each in self.sockets])
        if not self._server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)

    def _warm_up(self) -> None:
        """Make some pages before listening: until then the processes of before answer, or connections wait."""
        try:
            self.wsgi.warm_up()
        except Exception:
            self.log.exception("the first pages could not be made; the process starts without them")

    async def _beat(self) -> None:
        """Tell gunicorn and systemd that the event loop runs; end when gunicorn is gone. Called each second."""
        self.notify()
        if os.getppid() != self.ppid:
            self._server.should_exit = True
        if "WATCHDOG_USEC" in os.environ:
            sd_notify("WATCHDOG=1", self.log)
        if not self._has_reported:  # the first call follows the start of listening
            self._has_reported = True
            report_listening(self)
