"""Machines of a site as network namespaces on one bridge, each of which can be cut off. Needs root and iproute2."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.conftest import skip_missing
from tests.conventions import ROOT
from tests.timing import TIMEOUT_SECONDS


def ip(*arguments: str) -> None:
    """Run `ip`. Raises `CalledProcessError`."""
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


class Machine:
    """A namespace with one address, and the processes that run in it."""

    def __init__(self, network: "Network", name: str, number: int) -> None:
        self.name = f"madang-{network.number}-{name}"
        self.address = f"{network.prefix}.{number}"
        self.log = network.folder / f"{name}.log"
        self._cable = f"mv{network.number}-{number}"
        self._processes: list[subprocess.Popen[bytes]] = []
        ip("netns", "add", self.name)
        ip("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("link", "set", self._cable, "master", network.bridge, "up")
        for link in ("lo", "eth0"):
            ip("-n", self.name, "link", "set", link, "up")
        ip("-n", self.name, "address", "add", f"{self.address}/24", "dev", "eth0")

    def start(self, command: Sequence[str], **environ: str) -> subprocess.Popen[bytes]:
        """Start a process on this machine."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                ["ip", "netns", "exec", self.name, *command],
                cwd=ROOT,
                env=environ or None,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def cut(self) -> None:
        """Pull the cable: nothing arrives any more, and nobody is told."""
        ip("link", "set", self._cable, "down")

    def mend(self) -> None:
        ip("link", "set", self._cable, "up")

    def close(self) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(TIMEOUT_SECONDS)
        with suppress(subprocess.CalledProcessError):
            ip("netns", "delete", self.name)


class Network:
    """A bridge with an address of this machine, and machines on it."""

    def __init__(self, folder: Path) -> None:
        if os.geteuid() != 0 or shutil.which("ip") is None:
            skip_missing("network namespaces need root and ip (Debian: iproute2)")
        self.folder, self.number = folder, os.getpid() % 10_000
        self.bridge, self.prefix = f"mb{self.number}", f"10.213.{os.getpid() % 250}"
        self.machines: list[Machine] = []
        try:
            ip("link", "add", self.bridge, "type", "bridge")
        except subprocess.CalledProcessError as error:
            skip_missing(f"no network namespaces here: {error.stderr.decode()}")
        ip("address", "add", f"{self.prefix}.1/24", "dev", self.bridge)
        ip("link", "set", self.bridge, "up")

    def machine(self, name: str) -> Machine:
        machine = Machine(self, name, len(self.machines) + 10)
        self.machines.append(machine)
        return machine

    def close(self) -> None:
        for machine in self.machines:
            machine.close()
        ip("link", "delete", self.bridge)
