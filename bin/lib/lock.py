"""A lock file that lets one set-up run at a time. The operating system releases it when its process ends."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def try_lock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def try_lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Hold the lock file in `folder`; wait while another process holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "held").open("w") as file:
        _wait_for_lock(file)
        yield


def _wait_for_lock(file: IO[str]) -> None:
    has_printed = False
    while True:
        try:
            return try_lock(file)
        except OSError:
            if not has_printed:
                print("Another start is setting up; waiting for it.", file=sys.stderr)
            has_printed = True
            time.sleep(0.2)
