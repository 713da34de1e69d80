"""Finds the browser and the servers that the tests may use, then runs pytest.

Tells the tests by MADANG_TEST_DATABASES ("sqlite,postgresql,mariadb"), MADANG_TEST_POSTGRESQL, MADANG_TEST_MARIADB
(addresses of the servers) and MADANG_TEST_BROWSER (path of Chromium).
"""

import os
import shutil
import sys
from dataclasses import dataclass

from sqlalchemy import create_engine
from sqlalchemy.exc import ArgumentError, OperationalError

from madang.config.urls import normalize_database_url

# The first is Chromium without its windows, which takes a third less of the processor.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Server:
    """A database server that tests can run on."""

    dialect: str
    variable: str
    usual_address: str
    advice: str

    @property
    def address(self) -> str:
        return os.environ.get(self.variable) or self.usual_address


SERVERS = (
    Server(
        "postgresql",
        "MADANG_TEST_POSTGRESQL",
        "postgresql://postgres:postgres@127.0.0.1/postgres",
        "PostgreSQL (start it, or set MADANG_TEST_POSTGRESQL=postgresql://user:password@host/postgres)",
    ),
    Server(
        "mariadb",
        "MADANG_TEST_MARIADB",
        "mysql://root@127.0.0.1/mysql",
        "MariaDB (start it, or set MADANG_TEST_MARIADB=mysql://user:password@host/mysql)",
    ),
)


def find_chromium() -> str | None:
    """The path of Chromium: the one named by MADANG_CHROMIUM, else one on PATH."""
    names = [os.environ["MADANG_CHROMIUM"]] if os.environ.get("MADANG_CHROMIUM") else CHROMIUMS
    return next((path for path in map(shutil.which, names) if path), None)


def answers(server: Server) -> bool:
    """Whether a connection can be made within two seconds."""
    try:
        engine = create_engine(normalize_database_url(server.address), connect_args={"connect_timeout": 2})
        engine.connect().close()
    except (ValueError, ArgumentError, OperationalError):
        return False
    return True


def surroundings() -> tuple[dict[str, str], list[str]]:
    """The variables for the tests, and what is left out with how to have it."""
    chromium = find_chromium()
    servers = [server for server in SERVERS if answers(server)]
    variables = {server.variable: normalize_database_url(server.address) for server in servers}
    variables["MADANG_TEST_DATABASES"] = ",".join(["sqlite", *(server.dialect for server in servers)])
    variables["MADANG_TEST_BROWSER"] = chromium or ""
    left_out = [server.advice for server in SERVERS if server not in servers]
    if not chromium:
        left_out.append("the browser (sudo apt-get install -y chromium, or set MADANG_CHROMIUM)")
    if not shutil.which("redis-server"):
        left_out.append("what happens while Redis is away (sudo apt-get install -y redis-server)")
    if not shutil.which("java"):
        left_out.append("the HTML checker (sudo apt-get install -y default-jre-headless)")
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        left_out.append("Redis (sudo apt-get install -y redis-server)")
    return variables, left_out


LONG = {
    "faults": "what happens when processes are killed (bin/test tests/faults, some minutes)",
    "contract": "what others' tools say of the API (bin/test tests/contract, some minutes)",
}


def too_long(arguments: list[str]) -> list[str]:
    """The kinds of tests that take minutes and are left out, unless all or just they are asked for."""
    if os.environ.get("MADANG_REQUIRE_ALL") == "1":
        return []
    return [kind for kind in LONG if not any(kind in argument for argument in arguments)]


def main() -> None:
    variables, left_out = surroundings()
    long = too_long(sys.argv[1:])
    less = ["-m", " and ".join(f"not {kind}" for kind in long)] if long else []
    left_out += [LONG[kind] for kind in long]
    if left_out:
        print(f"Left out: {'; '.join(left_out)}.", file=sys.stderr, flush=True)
        if os.environ.get("MADANG_REQUIRE_ALL") == "1":
            raise SystemExit("MADANG_REQUIRE_ALL=1 asks for all of them.")
    os.environ.update(variables)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", "-n", "auto", *less, *sys.argv[1:]])


if __name__ == "__main__":
    main()
