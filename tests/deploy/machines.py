"""A folder in place of a machine, in which deploy/install.sh runs with commands that only remember their calls."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.conventions import ROOT

SCRIPT = ROOT / "deploy" / "install.sh"
NAMES = (
    "apt-get certbot chown curl dpkg-query getent git id nginx openssl psql runuser ss systemctl useradd".split()  # noqa: SIM905
)
# What these do changes nothing.
READS = re.compile(
    r"id |dpkg-query |ss |getent |runuser .*psql|runuser .*setup-code|nginx -q -t|curl |systemctl .*is-|systemctl show"
)
# What each run does, since one that was stopped may have written the files only.
RELOADS = ["systemctl daemon-reload", "systemctl reload-or-restart {}"]
DOMAIN = ("--domain", "board.example.org")
WHO = (*DOMAIN, "--email", "ann@example.org")
PREPARE = '#!/bin/sh\n[ -e "$0.done" ] || echo "Installing" >&2\ntouch "$0.done"\n'
OS_RELEASE = 'PRETTY_NAME="A system"\nID={}\nVERSION_ID="{}"\n'


class Machine:
    """An empty machine in `folder`, with the code beside it."""

    def __init__(self, folder: Path) -> None:
        self.root, self.state, self.source = folder / "root", folder / "state", folder / "source"
        self.variables = {"FAILS": "", "LISTENS": "", "CLONED": str(self.source)}
        commands = self.bin = folder / "bin"
        for each in (self.root / "etc", self.root / "srv", self.root / "run/systemd/system", self.state, commands):
            each.mkdir(parents=True)
        (self.root / "etc/nginx/sites-enabled").mkdir(parents=True)
        for name in NAMES:
            (commands / name).symlink_to(ROOT / "tests" / "deploy" / "system_stub")
        (self.state / "Caddyfile").write_text("# as Debian's package brings it\n", encoding="utf-8")
        self.path = f"{commands}:{os.environ['PATH']}"
        shutil.copytree(ROOT / "deploy", self.source / "deploy")
        (self.source / "bin").mkdir()
        (self.source / "bin" / "prepare").write_text(PREPARE, encoding="utf-8")
        (self.source / "bin" / "prepare").chmod(0o755)
        self.system("debian", "12")

    def fail_in_the_middle(self, command: str) -> None:
        """Let `command` fail once it has made bin/prepare where its last argument says."""
        path = self.bin / command
        path.unlink(missing_ok=True)
        path.write_text('#!/bin/bash\nmkdir -p "${@: -1}/bin"\necho half >"${@: -1}/bin/prepare"\nexit 1\n', "utf-8")
        path.chmod(0o755)

    def heal(self, command: str) -> None:
        (self.bin / command).unlink()
        if command in NAMES:
            (self.bin / command).symlink_to(ROOT / "tests" / "deploy" / "system_stub")

    def remember_arguments(self, command: str) -> Path:
        """The file to which calls of a command that does what it does on each machine are written."""
        calls, path = self.state / f"{command}.calls", self.bin / command
        path.write_text(f'#!/bin/bash\necho "$*" >>"{calls}"\nexec {shutil.which(command)} "$@"\n', "utf-8")
        path.chmod(0o755)
        return calls

    def system(self, name: str, version: str) -> None:
        (self.root / "etc" / "os-release").write_text(OS_RELEASE.format(name, version), encoding="utf-8")

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": self.path, "DESTDIR": str(self.root), "STATE": str(self.state), **self.variables}
        command = [str(self.source / "deploy" / "install.sh"), *options]
        return subprocess.run(command, env=environ, capture_output=True, text=True)

    def install(self, *options: str) -> str:
        """What it prints. Fails if it does."""
        done = self.run(*options)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""
        return done.stdout

    def changes(self) -> list[str]:
        """The commands since the last call that change the system."""
        calls = self.state / "calls"
        lines = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
        calls.unlink(missing_ok=True)
        return [line for line in lines if not READS.match(line)]

    def units_are_newer_than_processes(self) -> None:
        """As after a run that was stopped when it had written the units."""
        written = (self.root / "etc/systemd/system/madang-web.service").stat().st_mtime
        os.utime(self.state / "started", (written - 60, written - 60))

    def asked(self) -> list[str]:
        """The arguments of each curl since the last call of `changes`."""
        lines = (self.state / "calls").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.startswith("curl ")]

    def files(self) -> dict[str, tuple[int, bytes]]:
        """Each file with mode and content."""
        found = [path for path in self.root.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.root)): (path.stat().st_mode & 0o777, path.read_bytes()) for path in found}

    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")
