"""The picture process of a web process: started at its first picture, replaced when it fails, ended when idle.

Decoders hold hundreds of megabytes and run for seconds on data from strangers, so they are kept out of the process
that serves pages. A plain subprocess: a ProcessPoolExecutor cannot stop a picture that takes too long (before Python
3.14), and the processes of multiprocessing import the main module of their parent, which is the whole of Madang, and
stay as long as a third process, its resource tracker.
"""

import atexit
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from madang.core.errors import RateLimited
from madang.core.i18n import _

from .backends import StoreUnavailable
from .picture_protocol import EncodedPicture, Message, PictureRefused, Purpose, read_message, write_message

MODULE = "madang.core.storage.picture_process"
PROGRAM = "import runpy, sys; sys.path[:] = sys.argv[2:]; runpy.run_module(sys.argv[1], run_name='__main__')"
START_SECONDS = 60
MAX_SECONDS = 30  # for one picture; the processor time that it may take is less (`picture_process`)
IDLE_SECONDS = 60
RETRY_AFTER_SECONDS = 5
log = logging.getLogger("madang.files")


class PictureProcess:
    """A process that decodes one picture at a time. The methods may be called from any thread."""

    def __init__(self, *, seconds: float = MAX_SECONDS, idle_seconds: float = IDLE_SECONDS, module: str = MODULE):
        self._seconds, self._idle_seconds, self._module = seconds, idle_seconds, module
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._idle_timer = threading.Timer(0, self._stop_if_idle)
        atexit.register(self.close)

    @property
    def process_id(self) -> int | None:
        """The id of the process; None while there is none."""
        return self._process.pid if self._process else None

    def encode(self, purpose: Purpose, content: bytes) -> Sequence[EncodedPicture]:
        """Re-encode a picture. Raises `PictureRefused`, `RateLimited` during another picture, and `StoreUnavailable`.

        It never waits for its turn, because the caller holds a thread: requests wait in the event loop (`turns`).
        """
        if not self._turn.acquire(blocking=False):
            message = _("Another picture is being processed. Please send yours again in a few seconds.")
            raise RateLimited(message, retry_after=RETRY_AFTER_SECONDS)
        try:
            self._idle_timer.cancel()
            return _pictures(self._response(Message({"purpose": purpose}, (content,))))
        finally:
            self._turn.release()
            self._start_idle_timer()

    def close(self) -> None:
        """End the process if it runs."""
        self._idle_timer.cancel()
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _response(self, request: Message) -> Message:
        """Exchange messages with the process; one that is too slow, or ends by the limits of its own, is replaced."""
        process = self._running_process()
        assert process.stdin is not None and process.stdout is not None
        try:
            with _time_limit(process, self._seconds):
                write_message(process.stdin, request)
                return read_message(process.stdout)
        except (EOFError, OSError, ValueError) as error:
            self.close()
            size = len(request.contents[0])
            log.warning("the process that decodes pictures ended (%s) at one of %s bytes", process.returncode, size)
            raise PictureRefused("resources") from error

    def _running_process(self) -> "subprocess.Popen[bytes]":
        """The process, which is started if there is none."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = self._start()
        return self._process

    def _start(self) -> "subprocess.Popen[bytes]":
        """Start the process and wait until it is ready."""
        paths = [path or str(Path.cwd()) for path in sys.path]  # as multiprocessing passes them on
        command = [sys.executable, "-P", "-c", PROGRAM, self._module, *paths]
        try:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
            assert process.stdout is not None
            with _time_limit(process, START_SECONDS):
                read_message(process.stdout)
        except (OSError, EOFError) as error:
            log.exception("the process that decodes pictures does not start")
            raise StoreUnavailable from error
        return process

    def _start_idle_timer(self) -> None:
        self._idle_timer = threading.Timer(self._idle_seconds, self._stop_if_idle)
        self._idle_timer.daemon = True
        self._idle_timer.start()

    def _stop_if_idle(self) -> None:
        if self._turn.acquire(blocking=False):
            try:
                self.close()
            finally:
                self._turn.release()


@contextmanager
def _time_limit(process: "subprocess.Popen[bytes]", seconds: float) -> Iterator[None]:
    """Kill `process` if the block takes longer: reading from it then ends."""
    timer = threading.Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _pictures(response: Message) -> Sequence[EncodedPicture]:
    """The pictures of a response. Raises `PictureRefused` if it is a refusal."""
    fields = response.fields
    if "refused" in fields:
        raise PictureRefused(fields["refused"], *fields["size"])
    return [EncodedPicture(*each, content) for each, content in zip(fields["pictures"], response.contents, strict=True)]


picture_process = PictureProcess()
