"""A unit of systemd without systemd: its commands, its socket and its notifications, read from the files of deploy/."""

import os
import re
import shlex
import signal
import socket
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from tests.conventions import ROOT
from tests.faults.site import soon

UNITS = ROOT / "deploy" / "systemd"
# What systemd does for a service with a socket: LISTEN_PID is the id of the process that becomes the program.
START = 'exec 3<&"$1"; shift; export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"'


def lines_of(unit: str, name: str) -> list[str]:
    """The values of a setting in a unit, in order."""
    found = re.findall(rf"^{name}=(.*)$", (UNITS / unit).read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{unit} has no {name}="
    return found


class Service:
    """The unit madang-web with its socket, as systemd would run them.

    `places` replaces paths of the units: the folder of the code, of the socket.
    """

    def __init__(self, places: Mapping[str, str], environ: Mapping[str, str], log: Path) -> None:
        self.places, self.environ, self.log = places, dict(environ), log
        self.folder = Path(self.place("/srv/madang"))
        path = Path(self.place(lines_of("madang-web.socket", "ListenStream")[0]))
        path.parent.mkdir(parents=True, exist_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        path.chmod(0o666)  # nginx may run as another user
        self.listener.listen(int(lines_of("madang-web.socket", "Backlog")[0]))
        self._notify_path = log.with_name("notify")
        self._notifications = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notifications.bind(str(self._notify_path))
        self._started: list[subprocess.Popen[bytes]] = []
        self.main_pid = 0
        self.messages: list[str] = []
        threading.Thread(target=self._follow, daemon=True).start()

    def place(self, text: str) -> str:
        for path, other in self.places.items():
            text = text.replace(path, other)
        return text

    def start(self) -> None:
        for line in lines_of("madang-web.service", "ExecStartPre"):
            self._run(line)
        command = shlex.split(self.place(lines_of("madang-web.service", "ExecStart")[0]))
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                ["/bin/bash", "-c", START, "start", str(self.listener.fileno()), *command],
                cwd=self.folder,
                env={**self.environ, "NOTIFY_SOCKET": str(self._notify_path), "WATCHDOG_USEC": "120000000"},
                stdout=log,
                stderr=log,
                pass_fds=(self.listener.fileno(),),
                start_new_session=True,
            )
        self._started.append(process)
        self.main_pid = process.pid

    def reload(self) -> None:
        """`systemctl reload`. Raises `CalledProcessError` if a command of it fails."""
        for line in lines_of("madang-web.service", "ExecReload"):
            self._run(line.replace("$MAINPID", str(self.main_pid)))

    def stop(self) -> None:
        """`systemctl stop`: the socket stays open."""
        process = self.main_process
        process.send_signal(signal.SIGTERM)
        assert soon(lambda: _has_ended(process)), "the main process does not end"

    def restart(self) -> None:
        self.stop()
        self.start()

    @property
    def main_process(self) -> psutil.Process:
        return psutil.Process(self.main_pid)

    def processes(self) -> list[psutil.Process]:
        """All processes of the unit, which systemd would find in its control group."""
        mark = str(self._notify_path)
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("NOTIFY_SOCKET") == mark:
                    found.append(process)
        return found

    def close(self) -> None:
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for started in self._started:
            started.wait()
        self.listener.close()

    def _run(self, line: str) -> None:
        with self.log.open("ab") as log:
            command = shlex.split(self.place(line))
            subprocess.run(command, cwd=self.folder, env=self.environ, stdout=log, stderr=log, check=True)

    def _follow(self) -> None:
        """Follow the notifications: a reload changes the main process."""
        while True:
            message = self._notifications.recv(4096).decode()
            self.messages.append(message)
            for name, _equals, value in (line.partition("=") for line in message.splitlines()):
                if name == "MAINPID":
                    self.main_pid = int(value)


def _has_ended(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def inherited_environ() -> dict[str, str]:
    """The environment of this process without Madang's settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
