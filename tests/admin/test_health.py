"""`/admin/health`, its API twin, and what `madang check` finds about what runs and what other machines say."""

import re
import socket
import ssl
import threading
from datetime import timedelta
from time import time

import dns.message
import dns.resolver
import dns.rrset
import pytest

from madang.admin.operations import network_checks, running_checks
from madang.admin.operations.network_checks import network_findings
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.i18n import use_locale
from madang.core.queue import job, run_due
from madang.core.queue.heartbeats import record_worker
from madang.core.queue.processes import worker_name
from madang.core.site import set_site
from tests.api.programs import program_of
from tests.certificates import make_certificate, server_context
from tests.faults.site import free_port
from tests.smtp_server import smtp_server

pytestmark = pytest.mark.each_database

MAILING = {"MAIL_FROM": "Yard <yard@yard.example>", "MAIL_SERVER": None, "SITE_URL": None}


@job("tests.wait_in_line")
def wait_in_line() -> None:
    pass


def found(findings) -> list[tuple[bool, str]]:
    with use_locale("en"):
        return [tuple(finding) for finding in findings]


def check_network(app, **settings: object) -> list[tuple[bool, str]]:
    app.config |= MAILING | settings
    with app.app_context():
        return found(network_findings(app.config))


def check_again(app, person) -> None:
    """Press the button, and run the job."""
    assert person.post("/admin/health/check").location == "/admin/health"
    with app.app_context():
        run_due()


# The page


def test_only_administrators_see_the_state_of_the_site(ruth, dan, eve, visitor):
    assert "SQL" in ruth.page("/admin/health")
    for person, status in ((dan, 403), (eve, 404), (visitor, 302)):
        assert person.get("/admin/health").status_code == status
        assert person.post("/admin/health/check").status_code == status
    assert program_of(ruth).get("/admin/health").status_code == 200
    for person, status in ((dan, 403), (eve, 404)):
        assert program_of(person).get("/admin/health").status_code == status
        assert program_of(person).post("/admin/health/check").status_code == status


def test_the_page_shows_the_last_check_and_checks_again_in_a_job(app, ruth):
    assert "Not checked yet." in ruth.page("/admin/health")
    ruth.post("/admin/health/check")
    ruth.post("/admin/health/check")
    assert "A check is running." in ruth.page("/admin/health")
    with app.app_context():
        assert run_due() == 1, "a second press starts no second check"
    page = ruth.page("/admin/health")
    assert "Last checked on" in page and "A check is running." not in page
    assert "MADANG_SITE_URL is empty" in page


def test_the_findings_are_in_the_language_of_the_reader(app, ruth):
    check_again(app, ruth)
    ruth.client.set_cookie("locale", "ko")
    assert "MADANG_SITE_URL이" in ruth.page("/admin/health")
    found = program_of(ruth).read("/admin/health", headers={"Accept-Language": "ko"})["findings"]
    assert any("MADANG_SITE_URL이" in each["sentence"] for each in found)


def test_the_state_is_that_of_the_site(app, ruth):
    moment = now()
    with app.app_context():
        record_worker("board:x:4711:y:1", started_at=moment, now=moment)
        with transaction():
            set_site(backed_up_at=moment.isoformat())
            wait_in_line.enqueue()
    with at(moment + timedelta(minutes=2)):
        state = program_of(ruth).read("/admin/health")
    assert state["jobs"]["queued"] >= 1 and state["oldest_job_seconds"] >= 119
    assert [worker["label"] for worker in state["workers"]] == ["board:4711:1"]
    assert state["database_bytes"] > 100_000 and state["disk_free_bytes"] > 0 and state["web_processes"] == 1
    assert state["mails"] == {"sent": 0, "refused": 0, "failed": 0}
    page = ruth.page("/admin/health")
    assert "board:4711:1" in page and "None was made yet" not in page and "None was verified yet" in page
    with app.app_context(), transaction():
        set_site(backup_verified_at=moment.isoformat())
    assert program_of(ruth).read("/admin/health")["backup_verified_at"].startswith(f"{moment:%Y-%m-%d}")
    assert "None was verified yet" not in ruth.page("/admin/health")


def test_the_api_starts_a_check(app, ruth):
    admin = program_of(ruth)
    assert admin.post("/admin/health/check").status_code == 204
    assert admin.read("/admin/health")["is_checking"] is True
    with app.app_context():
        run_due()
    state = admin.read("/admin/health")
    assert state["checked_at"] and state["is_checking"] is False
    assert {"is_wrong": False, "sentence": next(each["sentence"] for each in state["findings"])} in state["findings"]


# What runs


@pytest.mark.parametrize(
    ("minutes", "has_worker", "expected"),
    [
        (0, True, []),
        (0, False, [(False, "No worker runs")]),
        (6, False, [(True, "No worker runs")]),
        (6, True, [(True, "The oldest background job has waited for 6 minutes")]),
        (4, True, []),
    ],
)
def test_missing_workers_and_waiting_jobs_are_found(app, minutes, has_worker, expected):
    with app.app_context():
        run_due()
        with transaction():
            wait_in_line.enqueue()
        with at(now() + timedelta(minutes=minutes, seconds=1)):
            if has_worker:
                record_worker(worker_name(1), started_at=now(), now=now())
            findings = found(running_checks.check_queue())
    assert [wrong for wrong, _sentence in findings] == [wrong for wrong, _words in expected]
    assert all(sentence.startswith(words) for (_, sentence), (_, words) in zip(findings, expected, strict=True))


def test_what_others_can_read_is_found(app, tmp_path):
    key, settings = tmp_path / "secret_key", tmp_path / "settings.env"
    for path in (key, settings):
        path.write_text("secret")
    config = {"INSTANCE": str(tmp_path), "ENVIRONMENT": "production"}

    def check() -> list[str]:
        findings = running_checks.check_permissions(config, {"APP_CONFIG_FILE": str(settings)})
        return [sentence for _wrong, sentence in found(findings)]

    modes = {key: 0o600, settings: 0o640, tmp_path: 0o750}
    for path, mode in modes.items():
        path.chmod(mode)
    assert check() == []
    for path, mode in modes.items():
        path.chmod(mode | 0o004)
        (sentence,) = check()
        assert "chmod" in sentence and str(path) in sentence
        path.chmod(mode)


def test_a_low_limit_of_open_files_is_found(app, monkeypatch):
    for limit, count in ((1024, 1), (4096, 0)):
        monkeypatch.setattr(running_checks.resource, "getrlimit", lambda _kind, limit=limit: (limit, limit))
        with app.app_context():
            assert len(found(running_checks.check_open_files({"ENVIRONMENT": "production"}))) == count


@pytest.mark.each_database
def test_a_clock_that_differs_from_the_database_s_is_found(app, monkeypatch):
    with app.app_context():
        assert found(running_checks.check_clock()) == []
        monkeypatch.setattr(running_checks, "time", lambda: time() + 60)
        findings = found(running_checks.check_clock())
        assert len(findings) == (db.engine.dialect.name != "sqlite")
        assert all("differ by 60 seconds" in sentence or "differ by 59" in sentence for _wrong, sentence in findings)


# What other machines say


def test_the_mail_server_is_reached_and_logged_in_without_a_mail(app, monkeypatch):
    monkeypatch.setattr(network_checks, "texts_of", lambda _name: ["v=spf1 -all", "v=DMARC1; p=none"])
    with smtp_server(app) as server:
        settings = {name: app.config[name] for name in ("MAIL_SERVER", "MAIL_PORT")}
        assert check_network(app, **settings) == []
        assert server.accepted == []
    ((is_wrong, sentence),) = check_network(app, **settings)
    assert is_wrong and sentence.startswith("Mail cannot be sent. Nothing listens at port")


class TlsServer:
    """Answers every connection with a certificate, until it is closed."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._context = context
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
                self._context.wrap_socket(connection, server_side=True).close()
            except ssl.SSLError:
                continue
            except OSError:
                return

    def close(self) -> None:
        self._listener.close()


@pytest.mark.parametrize(
    ("days", "is_trusted", "words"),
    [(5, True, "ends in 4 days"), (60, True, ""), (60, False, "Browsers refuse the certificate of localhost")],
)
def test_the_end_of_the_certificate_is_told(app, tmp_path, monkeypatch, days, is_trusted, words):
    monkeypatch.setattr(network_checks, "LOCAL", re.compile("$^"))
    path = make_certificate(tmp_path, days=days)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    server = TlsServer(server_context(path))
    try:
        findings = check_network(app, SITE_URL=f"https://localhost:{server.port}")
    finally:
        server.close()
    assert [(wrong, words in sentence) for wrong, sentence in findings] == ([(True, True)] if words else [])


def test_a_site_that_does_not_answer_or_is_local_has_no_certificate_to_check(app, monkeypatch):
    assert check_network(app, SITE_URL=f"https://localhost:{free_port()}") == []
    assert check_network(app, SITE_URL="http://yard.example") == []
    monkeypatch.setattr(network_checks, "LOCAL", re.compile("$^"))
    ((is_wrong, sentence),) = check_network(app, SITE_URL=f"https://localhost:{free_port()}")
    assert not is_wrong and "its certificate was not checked" in sentence


@pytest.fixture
def name_server(monkeypatch):
    """A DNS server with the TXT records that the test gives it."""
    records: dict[str, str] = {}
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                content, client = server.recvfrom(4096)
            except OSError:
                return
            question = dns.message.from_wire(content)
            reply = dns.message.make_response(question)
            name = question.question[0].name.to_text(omit_final_dot=True)
            if name in records:
                reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", f'"{records[name]}"'))
            elif "" in records:
                return
            else:
                reply.set_rcode(3)
            server.sendto(reply.to_wire(), client)

    threading.Thread(target=serve, daemon=True).start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    monkeypatch.setattr(network_checks, "_check_mail_server", lambda _config: iter(()))
    yield records
    server.close()


def test_the_records_of_the_mail_domain_are_looked_up(app, name_server):
    findings = check_network(app, MAIL_SERVER="mx")
    assert [wrong for wrong, _sentence in findings] == [False, False]
    assert "SPF" in findings[0][1] and "DMARC" in findings[1][1]
    name_server |= {"yard.example": "v=spf1 mx -all", "_dmarc.yard.example": "v=DMARC1; p=none"}
    assert check_network(app, MAIL_SERVER="mx") == []


def test_without_a_name_server_nothing_is_said_of_the_domain(app, name_server, monkeypatch):
    monkeypatch.setattr(network_checks, "SECONDS", 0.2)
    name_server[""] = "silent"
    assert check_network(app, MAIL_SERVER="mx") == []
