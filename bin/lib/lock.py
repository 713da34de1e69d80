"""One set-up at a time: a second start waits for the first. The lock ends with its process, however that ends."""

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
    """Hold the lock that lies in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "held").open("w") as file:
        wait_for(file)
        yield


def wait_for(file: IO[str]) -> None:
    told = False
    while True:
        try:
            return try_lock(file)
        except OSError:
            if not told:
                print("Another start is setting up; waiting for it.", file=sys.stderr)
            told = True
            time.sleep(0.2)
