"""The alert rules and the dashboard of deploy/monitoring ask for what a running site's /metrics has."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta

import pytest
import yaml

from madang.core import mail_outcomes
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.mail_outcomes import FAILED, REFUSED, SENT, count_mail, write_mail_outcomes
from madang.core.queue import job, run_due
from madang.core.queue.heartbeats import forget_worker, record_worker
from madang.core.queue.processes import worker_name
from madang.core.server.gateway import Gateway
from madang.core.site import set_site
from tests.asgi import ask, run
from tests.conftest import skip_missing
from tests.conventions import ROOT

FOLDER = ROOT / "deploy" / "monitoring"
RULES = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((FOLDER / "grafana-dashboard.json").read_text())
OF_PROMETHEUS = {"up"}
SELECTOR = re.compile(r"\b(up|madang_[a-z_]+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)(=~|!~|=|!=)"([^"]*)"')
GROUPING = re.compile(r"\b(?:by|on|without)\s*\(([^)]*)\)")
SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? [-+.\dNaInfe]+")


@job("tests.wait")
def wait() -> None:
    pass


@job("tests.fail")
def fail() -> None:
    raise ValueError


def queries() -> Iterator[tuple[str, str]]:
    """Every query of both files, with the alert or panel that asks it."""
    yield from ((rule["alert"], rule["expr"]) for rule in RULES)
    yield from ((panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"])


@pytest.fixture
def site_metrics(app, ann, visitor) -> str:
    """The metrics of a site where something has happened."""
    app.config["PAGE_CACHE_SECONDS"] = 60
    mail_outcomes._pending.clear()  # of other tests
    with app.app_context():
        with transaction():
            set_site(backed_up_at=(now() - timedelta(hours=30)).isoformat())
            fail.enqueue()
        run_due()
        for outcome in (SENT, SENT, REFUSED, FAILED):
            count_mail(outcome)
        write_mail_outcomes()
        record_worker(worker_name(1), started_at=now(), now=now() - timedelta(seconds=20))
        with transaction():
            waiting = wait.enqueue()
            db.session.flush()
            waiting.run_at = now() - timedelta(minutes=10)
    gateway = Gateway(app)

    async def visit() -> None:
        for path in ("/questions", "/questions", "/no-such-page"):
            await ask(gateway, path)

    run(visit())
    return visitor.page("/metrics")


def samples(text: str) -> dict[str, list[dict[str, str]]]:
    """The names of metrics, each with the labels of its samples."""
    found: dict[str, list[dict[str, str]]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            match = SAMPLE.fullmatch(line)
            assert match, line
            found.setdefault(match[1], []).append(dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2] or "")))
    return found


def value(text: str, sample: str) -> float:
    return float(re.search(rf"^{re.escape(sample)} (\S+)$", text, re.MULTILINE)[1])


@pytest.mark.parametrize(("name", "query"), list(queries()))
def test_every_query_asks_for_metrics_and_labels_that_are_there(name, query, site_metrics):
    found = samples(site_metrics)
    asked = SELECTOR.findall(query)
    assert asked, f"{name}: {query}"
    labels = {label for metric, _matchers in asked for sample in found.get(metric, []) for label in sample}
    for metric, matchers in asked:
        assert metric in found or metric in OF_PROMETHEUS, f"{name}: no metric {metric}"
        for label, operator, wanted in MATCHER.findall(matchers):
            if metric in OF_PROMETHEUS or (label, wanted) == ("status", "5.."):
                continue
            values = {sample.get(label) for sample in found[metric]}
            assert None not in values, f"{name}: {metric} has no label {label}"
            if operator == "=":
                assert wanted in values, f"{name}: {metric} has no {label}={wanted}"
    for group in GROUPING.findall(query):
        for label in filter(None, (part.strip() for part in group.split(","))):
            assert label in labels, f"{name}: nothing has a label {label}"


def test_every_metric_of_ours_is_shown_or_watched(site_metrics):
    asked = {metric for _name, query in queries() for metric, _matchers in SELECTOR.findall(query)}
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in samples(site_metrics) if "madang" in name}
    assert families - {re.sub(r"_(bucket|count|sum)$", "", metric) for metric in asked} == set()


def test_the_values_are_those_of_the_site(site_metrics):
    cached = 'madang_requests_total{cached="yes",endpoint="posts.questions",status="200"}'
    assert value(site_metrics, cached) >= 1
    assert value(site_metrics, 'madang_mails_last_day{outcome="sent"}') == 2
    assert value(site_metrics, 'madang_jobs{state="queued"}') >= 1
    assert value(site_metrics, "madang_workers") == 1
    assert value(site_metrics, "madang_oldest_job_seconds") > 590
    assert 29 * 3600 < value(site_metrics, "madang_backup_age_seconds") < 31 * 3600
    assert value(site_metrics, "madang_database_up") == 1
    assert value(site_metrics, 'madang_disk_free_bytes{folder="instance"}') > 0
    assert 'le="30.0"' in site_metrics


def test_a_state_without_jobs_is_zero_and_a_worker_that_stopped_is_gone(app, site_metrics, visitor):
    with app.app_context():
        run_due()
        forget_worker(worker_name(1))
    text = visitor.page("/metrics")
    assert value(text, 'madang_jobs{state="queued"}') == 1, "the failed one is tried again later"
    assert value(text, 'madang_jobs{state="running"}') == value(text, 'madang_jobs{state="failed"}') == 0
    assert value(text, "madang_oldest_job_seconds") == 0
    assert value(text, "madang_workers") == 0
    assert "madang_worker_seen_seconds{" not in text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_leads_to_what_to_do(rule):
    path, _hash, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.*)$", (ROOT / path).read_text(), re.MULTILINE)
    assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert rule["labels"]["severity"] in ("page", "warn") and rule["annotations"]["summary"]


def test_prometheus_takes_every_query(tmp_path):
    program = shutil.which("promtool")
    if program is None:
        skip_missing("no promtool on this machine")
    records = [
        {"record": f"check:{number}", "expr": query.replace("$__rate_interval", "5m")}
        for number, (_name, query) in enumerate(queries())
    ]
    (tmp_path / "all.yml").write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": records}]}))
    for path in (FOLDER / "alerts.yml", tmp_path / "all.yml"):
        result = subprocess.run([program, "check", "rules", path], capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
