"""The reload of a site behind gunicorn: a new master with its processes takes over the listener from the old one.

SIGUSR2 makes the old master start a new one, which loads the code and the settings anew and shares the listening
socket. Once each of its processes listens, the last one tells systemd the id of the new master and stops the old one.
If the new master cannot start, the old one goes on. `deploy/reload.py` sends the signal and waits for the outcome.
"""

import fcntl
import os
import signal
from mmap import mmap
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.systemd import SD_LISTEN_FDS_START, sd_notify
from gunicorn.workers.base import Worker

OLD_MASTER = "GUNICORN_PID"  # gunicorn's own variable: in a new master the process id of the old one
MAX_PROCESSES = 4096
COMMENTS = ("#", ";")
_listening = mmap(-1, MAX_PROCESSES)  # shared by a master and its processes: a byte for each that listens


def report_listening(worker: Worker) -> None:
    """Note that this process listens; the last process of a new master stops the old master."""
    _listening[worker.age % MAX_PROCESSES] = 1
    if OLD_MASTER not in os.environ or _listening[:].count(1) < worker.cfg.workers:
        return
    sd_notify(f"MAINPID={worker.ppid}\nREADY=1", worker.log)
    os.kill(int(os.environ[OLD_MASTER]), signal.SIGTERM)


def prepare_new_master(master: Arbiter, environment_file: Path) -> None:
    """Prepare environment and listeners for a new master. Called in its process, before it replaces its program.

    It has the variables of the first start, in which those of `environment_file` are replaced by their present values.
    It expects the listeners of systemd from number 3 on, but gunicorn has moved them.
    """
    master.cfg.env_orig.update(read_environment(environment_file))
    if master.systemd:
        above = SD_LISTEN_FDS_START + len(master.LISTENERS)
        copies = [fcntl.fcntl(each.fileno(), fcntl.F_DUPFD, above) for each in master.LISTENERS]
        for number, copy in enumerate(copies, SD_LISTEN_FDS_START):
            os.dup2(copy, number)
            os.close(copy)


def read_environment(file: Path) -> dict[str, str]:
    """The variables of a systemd EnvironmentFile with one NAME=value a line; none if there is no file."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    pairs = (line.strip().partition("=") for line in lines if not line.strip().startswith(COMMENTS))
    return {name.strip(): value.strip().strip("\"'") for name, sign, value in pairs if sign}
