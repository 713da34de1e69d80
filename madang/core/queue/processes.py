"""Worker names that tell other processes of the same machine whether the worker's process is still alive."""

import os
import socket
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

PROC = Path("/proc")


@lru_cache(maxsize=1)
def _machine_id() -> str:
    """The scope of process ids: a boot of a machine and a PID namespace. Empty where unknown."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text()
        namespace = (PROC / "self/ns/pid").readlink()
    except OSError:
        return ""
    return sha256(f"{boot}{namespace}".encode()).hexdigest()[:12]


def _start_time(pid: str) -> str | None:
    """When a process began, in ticks since the boot: tells reused process ids apart. None for one that ended."""
    try:
        state, *fields = (PROC / pid / "stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return None if state in "ZXx" else fields[18]


def worker_name(number: int) -> str:
    """A name for worker `number` of this process: host, machine, process id, start time, number."""
    pid = str(os.getpid())
    return f"{socket.gethostname()[:50]}:{_machine_id()}:{pid}:{_start_time(pid) or ''}:{number}"


def is_dead(worker: str) -> bool:
    """Whether the worker of this name ran in a process of this machine that has ended; False if unknown."""
    _host, machine, pid, started, *_number = [*worker.split(":"), "", "", "", ""]
    return bool(machine and started and pid.isdigit()) and machine == _machine_id() and _start_time(pid) != started
