"""Replace the web processes by new ones without a pause: `python deploy/reload.py PID` (of the master of gunicorn).

Called by `systemctl reload madang-web`. Waits until the new processes serve the site and the old master has ended,
which finishes its requests first. Exits with 1, while the old processes go on, if the new ones do not start.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 300
PAUSE_SECONDS = 0.1
TRIES_EVERY_SECONDS = 2  # a master that has just taken over ignores the signal for a second


def replace(old: int) -> bool:
    """Start a new master and wait; returns whether it has taken over."""
    new = _start(old)
    if new is None:
        return False
    _wait(lambda: not _is_running(new) or not _is_running(old))
    if _is_running(old):  # the new one has failed, or takes too long
        if _is_running(new):
            os.kill(new, signal.SIGTERM)
        return False
    return _is_running(new)


def _start(old: int) -> int | None:
    """Ask the master for a new one; returns its process id."""
    found: list[int] = []
    asked_at = float("-inf")

    def is_there() -> bool:
        nonlocal asked_at
        found.extend(_new_masters(old))
        if not found and time.monotonic() - asked_at > TRIES_EVERY_SECONDS:
            asked_at = time.monotonic()
            os.kill(old, signal.SIGUSR2)
        return bool(found) or not _is_running(old)

    _wait(is_there)
    return found[0] if found else None


def _new_masters(old: int) -> list[int]:
    """The processes that the master `old` has started with gunicorn's variable for a new master."""
    mark = f"GUNICORN_PID={old}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if _parent(folder) == old and mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue  # it has ended, or is somebody else's
    return found


def _parent(folder: Path) -> int:
    return int(folder.joinpath("stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def _is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _wait(is_done: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not is_done() and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)


def main() -> None:
    if not replace(int(sys.argv[1])):
        sys.exit("The new processes did not start: the log says why. The site goes on with the old ones.")


if __name__ == "__main__":
    main()
