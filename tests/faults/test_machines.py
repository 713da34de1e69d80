"""Two web machines with workers, PostgreSQL, Redis and S3 on machines of their own, behind nginx: one is cut off.

The machines are network namespaces; nothing listens outside them but nginx, on 127.0.0.1.
"""

import os
import pwd
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest
from sqlalchemy import create_engine, select

from madang.posts.models import Post
from tests.conftest import skip_missing
from tests.conventions import ROOT
from tests.deploy.nginx import NAME, Nginx
from tests.deploy.traffic import Client, Traffic
from tests.stores import KEYS, s3_client

from .machines import Machine, Network
from .people import PASSWORD
from .site import SETTINGS, soon

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("machines")]
CUT_SECONDS = 10
LISTENERS = ("bob", "cho")
USER = "postgres"


class Machines:
    """The site and its traffic."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        network = Network(folder)
        stack.callback(network.close)
        self.database, self.redis, self.store = (network.machine(name) for name in ("db", "redis", "s3"))
        self.web = [network.machine(name) for name in ("web1", "web2")]
        self._start_database(network.prefix)
        self.redis.start(["redis-server", "--bind", self.redis.address, "--protected-mode", "no", "--save", ""])
        self.store.start([sys.executable, "-m", "moto.server", "-H", self.store.address, "-p", "5000"])
        for machine, port in ((self.database, 5432), (self.redis, 6379), (self.store, 5000)):
            assert soon(lambda machine=machine, port=port: _listens(machine, port)), machine.log.read_text()
        self.environ = self._environ()
        s3_client(f"http://{self.store.address}:5000").create_bucket(Bucket="yard")
        create = ("create-admin", "--username", "ruth", "--email", "ruth@example.org", "--password-stdin")
        self.madang(*create)
        for machine in self.web:
            gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
            machine.start(gunicorn, **self.environ, BIND=f"{machine.address}:8000")
            machine.start([sys.executable, "-m", "madang.cli", "worker"], **self.environ)
        self.nginx = Nginx(folder, {"server unix:/run/madang/web.sock fail_timeout=0;": self._upstream()})
        stack.enter_context(self.nginx.running())
        for machine in self.web:
            assert soon(lambda machine=machine: _listens(machine, 8000)), machine.log.read_text()

    def _upstream(self) -> str:
        return " ".join(f"server {machine.address}:8000 fail_timeout=5s;" for machine in self.web)

    def _start_database(self, prefix: str) -> None:
        programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
        if programs is None:
            skip_missing("no PostgreSQL server on this machine (Debian: postgresql)")
        home = self.folder / "postgresql"
        home.mkdir()
        os.chown(home, pwd.getpwnam(USER).pw_uid, -1)
        for parent in (self.folder, *self.folder.parents):
            if parent.stat().st_uid == os.getuid() and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o011)
        as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups"]
        initdb = [*as_user, f"{programs}/initdb", "-D", f"{home}/data", "-A", "trust", "-U", USER, "-E", "UTF8"]
        subprocess.run([*initdb, "--no-sync", "--locale=C.UTF-8"], check=True, capture_output=True, cwd="/")
        with (home / "data" / "pg_hba.conf").open("a") as access:
            access.write(f"host all all {prefix}.0/24 trust\n")
        options = ["-c", f"listen_addresses={self.database.address}", "-k", str(home)]
        self.database.start([*as_user, f"{programs}/postgres", "-D", f"{home}/data", *options])

    def _environ(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
        instance = self.folder / "instance"
        instance.mkdir()
        settings = {
            "INSTANCE": str(instance),
            "DATABASE_URL": f"postgresql://{USER}@{self.database.address}/postgres",
            "REDIS_URL": f"redis://{self.redis.address}/0",
            "SITE_URL": f"https://{NAME}",
            "TRUSTED_PROXIES": "1",
            "DEFAULT_LOCALE": "en",
            "FILE_STORE": "s3",
            "S3_ENDPOINT": f"http://{self.store.address}:5000",
            "S3_BUCKET": "yard",
            **KEYS,
        }
        own = {f"MADANG_{name}": value for name, value in settings.items()}
        return {**inherited, **SETTINGS, **own, "WEB_CONCURRENCY": "1", "PYTHONPATH": str(ROOT)}

    def madang(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "madang.cli", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, input=PASSWORD, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def traffic(self) -> Traffic:
        """People who have signed up and a question."""
        asker, *people = [Client(name, self.nginx) for name in ("ann", *LISTENERS)]
        for person in (asker, *people):
            person.sign_up()
        title = "Who has the key to the gate?"
        location = asker.post_until_accepted("/posts/new", board="qa", title=title, body=f"{title} Please.", tags="")
        question = "/".join(location.split("#")[0].split("/")[:3])
        return Traffic(self.nginx, ["/", location.split("#")[0], "/api/v1/posts"], question, asker, people)

    def answer_ids(self) -> set[int]:
        engine = create_engine(f"postgresql+psycopg://{USER}@{self.database.address}/postgres")
        with engine.connect() as connection:
            ids = set(connection.scalars(select(Post.id).where(Post.parent_id.is_not(None))))
        engine.dispose()
        return ids


def _listens(machine: Machine, port: int) -> bool:
    try:
        socket.create_connection((machine.address, port), timeout=2).close()
    except OSError:
        return False
    return True


@pytest.fixture
def site(tmp_path) -> Iterator[Machines]:
    with ExitStack() as stack:
        yield Machines(tmp_path, stack)


def test_a_machine_that_is_cut_off_loses_nothing_that_was_acknowledged(site):
    traffic = site.traffic()
    with traffic.running():
        for name, machine in {"web": site.web[0], "redis": site.redis, "database": site.database}.items():
            _cut(traffic, name, machine)
        assert traffic.everybody_has_heard()
    assert traffic.ids() <= site.answer_ids()
    assert all(set(heard.values()) == {1} for heard in traffic.heard), "an event came twice"
    site.madang("check", "--counts")
    print(f"{len(traffic.written)} answers, load {psutil.getloadavg()}")


def _cut(traffic: Traffic, name: str, machine: Machine) -> None:
    """Cut a machine off for `CUT_SECONDS`; each listener hears of the first answer after that."""
    before = len(traffic.written)
    assert soon(lambda: len(traffic.written) > before), "nothing is written before it"
    machine.cut()
    began = monotonic()
    if name != "database":
        known = len(traffic.written)
        assert soon(lambda: len(traffic.written) > known + 5), f"{name}: nothing is written without it"
    sleep(max(0.0, CUT_SECONDS - (monotonic() - began)))
    written = len(traffic.written)
    machine.mend()
    mended_at = monotonic()
    assert soon(lambda: len(traffic.written) > written), f"{name}: nothing is written after it"
    writes_after = monotonic() - mended_at
    first = int(traffic.written[written].rpartition("-")[2])
    assert soon(lambda: all(first in heard for heard in traffic.heard)), f"{name}: not heard"
    heard_after = monotonic() - mended_at
    print(
        f"{name}: cut for {mended_at - began:.1f} s, writes after {writes_after:.1f} s, heard after {heard_after:.1f} s"
    )
