"""Who works: a name for a process that tells, on the same machine, whether the process still lives."""

import os
import socket
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

PROC = Path("/proc")


@lru_cache(maxsize=1)
def _machine() -> str:
    """Where process numbers mean the same: a boot of a machine, and within it a namespace. Empty where unknown."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text()
        namespace = (PROC / "self/ns/pid").readlink()
    except OSError:
        return ""
    return sha256(f"{boot}{namespace}".encode()).hexdigest()[:12]


def _started(pid: str) -> str | None:
    """When a process began, in ticks since the boot: numbers are used again, this is not. None for one that ended."""
    try:
        state, *fields = (PROC / pid / "stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return None if state in "ZXx" else fields[18]


def worker_name(number: int) -> str:
    """A name for worker `number` of this process: host, machine, process, its beginning."""
    pid = str(os.getpid())
    return f"{socket.gethostname()[:50]}:{_machine()}:{pid}:{_started(pid) or ''}:{number}"


def is_dead(worker: str) -> bool:
    """Whether the worker of this name was a process of this machine and is no more. What cannot be known is no."""
    _host, _colon, rest = worker.partition(":")
    machine, _colon, rest = rest.partition(":")
    pid, _colon, rest = rest.partition(":")
    started = rest.partition(":")[0]
    return bool(machine and started and pid.isdigit()) and machine == _machine() and _started(pid) != started
