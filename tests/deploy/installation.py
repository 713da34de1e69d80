"""A site installed as docs/operations/install.md says, in a folder of its own: code, settings, unit, nginx."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.conventions import ROOT
from tests.faults.people import PASSWORD
from tests.faults.site import SETTINGS, Site, soon

from .nginx import NAME, Nginx
from .service import Service, inherited_environ
from .traffic import Client, Traffic

PEOPLE = ("bob", "cho", "dan", "eve")
NEW_CODE = """
from .core.server.asgi import Message, Receive, Scope, Send


class MarkingGateway(Gateway):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-version", b"{version}")]
            await send(message)

        await super().__call__(scope, receive, marked)


app.__class__ = MarkingGateway
"""
MIGRATION = '''"""Add a table.

Revision: 2999_{version:03}
"""

import sqlalchemy as sa
from alembic import op

revision = "2999_{version:03}"
down_revision = "{before}"


def upgrade() -> None:
    op.create_table("upgrade_{version}", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    op.drop_table("upgrade_{version}")
'''


class Installation:
    """The code in `folder`/srv, which upgrades change, its service and its web server."""

    def __init__(self, folder: Path, database_url: str = "", processes: int = 2) -> None:
        self.folder, self.code = folder, folder / "srv"
        ignored = shutil.ignore_patterns("node_modules", ".*", "tests", "docs")
        for name in ("madang", "deploy"):
            shutil.copytree(ROOT / name, self.code / name, ignore=ignored)
        instance = folder / "lib"
        instance.mkdir()
        self.environ = inherited_environ() | SETTINGS
        self.environ |= {
            "MADANG_INSTANCE": str(instance),
            "MADANG_DATABASE_URL": database_url or f"sqlite:///{instance / 'madang.db'}",
            "MADANG_SITE_URL": f"https://{NAME}",
            "MADANG_TRUSTED_PROXIES": "1",
            "MADANG_JOBS_EMBEDDED": "yes",
            "MADANG_DEFAULT_LOCALE": "en",
            "WEB_CONCURRENCY": str(processes),
            "ENVIRONMENT_FILE": str(folder / "etc" / "web.env"),
            "PYTHONPATH": str(self.code),
        }
        self.places = {
            "/srv/madang/.venv/bin": str(Path(sys.executable).parent),
            "/srv/madang": str(self.code),
            "/run/madang": str(folder / "run"),
            "/etc/madang": str(folder / "etc"),
        }
        (folder / "etc").mkdir()
        self.nginx = Nginx(folder, self.places)
        self.log = folder / "log"
        self.version = 0
        self.service = Service(self.places, self.environ, self.log)

    def prepare(self) -> None:
        """Migrate the database, and make the administrator."""
        create = ("create-admin", "--username", "ruth", "--email", "ruth@example.org", "--password-stdin")
        done = Site.madang(self, *create, input=PASSWORD)  # type: ignore[arg-type]
        assert done.returncode == 0, done.stderr

    def upgrade(self) -> None:
        """Bring new code with a migration that adds a table, as `git pull` does."""
        versions = self.code / "madang" / "migrations" / "versions"
        before = max(path.stem for path in versions.glob("[0-9]*.py"))
        self.version += 1
        before = f"2999_{self.version - 1:03}" if self.version > 1 else before[:13]
        text = MIGRATION.format(version=self.version, before=before)
        (versions / f"2999_{self.version:03}_add_a_table.py").write_text(text, encoding="utf-8")
        asgi = self.code / "madang" / "asgi.py"
        new = (ROOT / "madang" / "asgi.py").read_text(encoding="utf-8") + NEW_CODE.format(version=self.version)
        asgi.with_suffix(".new").write_text(new, encoding="utf-8")
        asgi.with_suffix(".new").replace(asgi)

    def versions_served(self) -> set[str | None]:
        """The versions by which some requests are answered."""
        return {self.nginx.get("/healthz").headers.get("x-version") for _request in range(20)}

    def traffic(self) -> Traffic:
        """People who have signed up and a question."""
        asker, *people = [Client(name, self.nginx) for name in ("ann", *PEOPLE)]
        for person in (asker, *people):
            person.sign_up()
        title = "Who has the key to the gate?"
        location = asker.post_until_accepted("/posts/new", board="qa", title=title, body=f"{title} Please.", tags="")
        question = "/".join(location.split("#")[0].split("/")[:3])
        paths = ["/", location.split("#")[0], "/healthz", "/api/v1/posts", "/search?q=gate", "/auth/login"]
        return Traffic(self.nginx, paths, question, asker, people)


@contextmanager
def installed(folder: Path, **options: str) -> Iterator[Installation]:
    """The installation, serving; all of its processes end with the block."""
    with ExitStack() as stack:
        site = Installation(folder, **options)
        stack.callback(site.service.close)
        site.prepare()
        site.service.start()
        stack.enter_context(site.nginx.running())
        assert soon(lambda: site.nginx.get("/readyz").status == 200), site.log.read_text()
        yield site
