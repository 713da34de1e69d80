"""Start `madang` commands without the second that their imports take: `python -m tests.faults.forkserver`.

Reads a command as a line of JSON (`arguments`, `environ`, `log`), starts it in a new process, and prints the process
id. The process differs from one of the shell only in that its modules are loaded already. With a `listener`, gunicorn
is started instead, and gets that socket as from systemd.
"""

import json
import os
import signal
import sys
from contextlib import suppress

import madang
from madang import admin, cli, notifications, search, slices, subscriptions

LOADED = (madang, admin, cli, notifications, search, slices, subscriptions)


GUNICORN = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
SYSTEMD_SOCKET = 3


def fork_command(arguments: list[str], environ: dict[str, str], log: str, listener: int | None) -> int:
    """Start a command; returns its process id."""
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    log_file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log_file, 1)
    os.dup2(log_file, 2)
    os.environ.clear()
    os.environ.update(environ)
    if listener is not None:
        os.dup2(listener, SYSTEMD_SOCKET)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
        os.execv(sys.executable, [sys.executable, *GUNICORN])
    sys.argv = ["madang", *arguments]
    try:
        cli.main()
    finally:
        sys.stdout.flush()
        os._exit(0)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended children leave no zombies
    children = []
    for line in sys.stdin:
        children.append(fork_command(**json.loads(line)))
        print(children[-1], flush=True)
    for child in children:  # the tests have ended: no process may outlive them
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
