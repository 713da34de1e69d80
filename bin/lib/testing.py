"""`bin/test`: find the browser and the database servers that the tests can use, then run pytest.

Sets for the tests: MADANG_TEST_DATABASES ("sqlite,postgresql,mariadb"), MADANG_TEST_POSTGRESQL, MADANG_TEST_MARIADB
(addresses of the servers), MADANG_TEST_BROWSER (path of Chromium), MADANG_TEST_EVERYTHING and
MADANG_TEST_LONG.
"""

import os
import shutil
import sys
from dataclasses import dataclass, field

from sqlalchemy import create_engine
from sqlalchemy.exc import ArgumentError, OperationalError

from madang.config.urls import normalize_database_url

from .changed import changed_tests
from .rerun import run_with_rerun

# The first has no graphical interface and takes a third less processor time.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
USAGE = """Usage: bin/test [one of the options below] [pytest options]
  --sqlite      the quick run, which is the default: SQLite only, without the kinds browser, faults and contract
  --changed     the tests of the quick run that are affected by the changes since the branch `main`
  --matrix      all kinds of tests; files marked each_database run on every database that is found
  --everything  all kinds of tests, each of them on every database that is found
  --faults      the long versions of the tests that have one, one after the other: about an hour
  --rerun       run failed tests once more, if there are few; tests that pass then are reported as flaky"""
# Kinds of tests that the quick run leaves out unless they are named.
SLOW_KINDS = ("browser", "faults", "contract")


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


@dataclass
class Plan:
    """The arguments of pytest, the environment variables of the tests, and what cannot be run on this machine."""

    arguments: list[str]
    variables: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def find_chromium() -> str | None:
    """The path of Chromium: the one named by MADANG_CHROMIUM, else one on PATH."""
    names = [os.environ["MADANG_CHROMIUM"]] if os.environ.get("MADANG_CHROMIUM") else CHROMIUMS
    return next((path for path in map(shutil.which, names) if path), None)


def is_reachable(server: Server) -> bool:
    """Whether a connection can be made within two seconds."""
    try:
        engine = create_engine(normalize_database_url(server.address), connect_args={"connect_timeout": 2})
        engine.connect().close()
    except (ValueError, ArgumentError, OperationalError):
        return False
    return True


def make_plan(options: set[str], arguments: list[str]) -> Plan:
    """Plan the run for the `options` of bin/test and the `arguments` of pytest."""
    if not options & {"--matrix", "--everything", "--faults"} and not named_kinds(arguments):
        return quick_plan(arguments)
    plan = Plan(arguments)
    add_found_tools(plan)
    if "--everything" in options:
        plan.variables["MADANG_TEST_EVERYTHING"] = "1"
    if "--faults" in options:
        plan.variables["MADANG_TEST_LONG"] = "1"
        plan.arguments = ["-n", "0", "-s", "-m", "long", *plan.arguments]
    return plan


def named_kinds(arguments: list[str]) -> list[str]:
    """The slow kinds of tests that the arguments name, by folder or by marker."""
    return [kind for kind in SLOW_KINDS if any(kind in argument for argument in arguments)]


def quick_plan(arguments: list[str]) -> Plan:
    """Plan a run on SQLite, or on the databases in MADANG_TEST_DATABASES, without the slow kinds."""
    variables = {"MADANG_TEST_DATABASES": os.environ.get("MADANG_TEST_DATABASES", "sqlite"), "MADANG_TEST_BROWSER": ""}
    return Plan(["-m", " and ".join(f"not {kind}" for kind in SLOW_KINDS), *arguments], variables)


def add_found_tools(plan: Plan) -> None:
    """Add the variables for the servers and the browser that were found, and advice for what is missing."""
    chromium = find_chromium()
    servers = [server for server in SERVERS if is_reachable(server)]
    plan.variables |= {server.variable: normalize_database_url(server.address) for server in servers}
    plan.variables["MADANG_TEST_DATABASES"] = ",".join(["sqlite", *(server.dialect for server in servers)])
    plan.variables["MADANG_TEST_BROWSER"] = chromium or ""
    plan.left_out += [server.advice for server in SERVERS if server not in servers]
    if not chromium:
        plan.left_out.append("the browser (sudo apt-get install -y chromium, or set MADANG_CHROMIUM)")
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        plan.left_out.append("the tests with Redis (sudo apt-get install -y redis-server)")
    if not shutil.which("java"):
        plan.left_out.append("the HTML checker (sudo apt-get install -y default-jre-headless)")


def main() -> None:
    known = {"--sqlite", "--changed", "--matrix", "--everything", "--faults", "--rerun"}
    options = {argument for argument in sys.argv[1:] if argument in known}
    arguments = [argument for argument in sys.argv[1:] if argument not in known]
    if "--help" in arguments:
        print(f"{USAGE}\npytest's own options: python -m pytest --help")
        return
    if len(options - {"--rerun"}) > 1:
        raise SystemExit(USAGE)
    if "--changed" in options:
        arguments += changed_tests()
    plan = make_plan(options, arguments)
    if plan.left_out:
        print(f"Left out: {'; '.join(plan.left_out)}.", file=sys.stderr, flush=True)
        if os.environ.get("MADANG_REQUIRE_ALL") == "1":
            raise SystemExit("MADANG_REQUIRE_ALL=1 requires all of them.")
    os.environ.update(plan.variables)
    sys.stdout.flush()
    command = ["-n", "auto", "--dist", "worksteal", *plan.arguments]
    if "--rerun" in options:
        raise SystemExit(run_with_rerun(command))
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *command])


if __name__ == "__main__":
    main()
