"""A queue for the processes that write to one SQLite database: of two, each waits for at most one write of the other.

SQLite waits by sleeping for up to a tenth of a second between tries, while a process that has just written begins again
at once: of two busy processes one waited for up to two seconds. Here the next process holds one lock while it waits for
the other, so that whoever has just written queues behind it. Of three and more, any of those that wait becomes the next
one. The kernel releases the locks of a process that is killed.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

SUFFIX = "-queue"  # of the file with the locks, beside the database
NEXT, TURN = 0, 1  # the bytes of it that are locked
POLL_SECONDS = 0.001  # the kernel can wait too, but not for a bounded time

if sys.platform != "win32":
    import fcntl

    def take_turn(path: str, seconds: float) -> int | None:
        """Wait for the turn to write to the database at `path`; returns a file descriptor, which ends it when closed.

        One thread of a process may call this at a time. Returns None where there can be no such file: SQLite's own
        waiting is left then. Raises TimeoutError after `seconds`.
        """
        try:
            file = _open(path)
        except OSError:
            return None
        try:
            until = monotonic() + seconds
            for place in (NEXT, TURN):
                _lock(file, place, until)
            fcntl.lockf(file, fcntl.LOCK_UN, 1, NEXT)
        except BaseException:
            os.close(file)
            raise
        return file

    def _lock(file: int, place: int, until: float) -> None:
        while True:
            with suppress(BlockingIOError, PermissionError):  # both mean that another process has it
                return fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            if monotonic() > until:
                raise TimeoutError("another process writes to the database all the time")
            sleep(POLL_SECONDS)

    def _open(path: str) -> int:
        """Open the file with the locks, which belongs to whom the database belongs, also if root makes it.

        A link is not followed: whoever may write here could let root make a file elsewhere.
        """
        name, flags = f"{path}{SUFFIX}", os.O_RDWR | os.O_NOFOLLOW
        with suppress(FileNotFoundError):
            return os.open(name, flags)
        database = Path(path).stat()
        try:
            file = os.open(name, flags | os.O_CREAT | os.O_EXCL, database.st_mode & 0o666)
        except FileExistsError:  # another process was quicker
            return os.open(name, flags)
        if os.geteuid() == 0:
            os.fchown(file, database.st_uid, database.st_gid)
        return file

else:

    def take_turn(path: str, seconds: float) -> int | None:
        """Return None: SQLite's own waiting is what there is."""
        return None
