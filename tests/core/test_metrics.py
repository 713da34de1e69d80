"""Metrics and health checks."""

import pytest

from madang.core.metrics import FORWARDING_HEADERS

pytestmark = pytest.mark.each_database


def test_metrics_are_public_to_this_machine(ann, visitor):
    visitor.page("/questions")
    text = visitor.page("/metrics")
    assert 'madang_requests_total{endpoint="posts.questions",status="200"}' in text


def test_other_machines_need_the_token(app, visitor):
    assert visitor.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    app.config["METRICS_TOKEN"] = "a-long-token"
    assert visitor.get("/metrics").status_code == 404
    assert visitor.get("/metrics", headers={"Authorization": "Bearer a-long-token"}).status_code == 200


@pytest.mark.parametrize("header", FORWARDING_HEADERS)
@pytest.mark.parametrize("value", ["127.0.0.1", "192.0.2.7", ""])
def test_a_forwarded_request_needs_the_token(app, visitor, header, value):
    """A proxy on this machine without a rule for /metrics, also where the site does not know that it trusts one."""
    assert visitor.get("/metrics", headers={header: value}).status_code == 404
    app.config["METRICS_TOKEN"] = "a-long-token"
    headers = {header: value, "Authorization": "Bearer a-long-token"}
    assert visitor.get("/metrics", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Port", "X-Forwarded", "X-Original-Host", "X-Envoy-Internal", "CF-IPCountry"]
)
def test_headers_that_only_proxies_send_are_recognised_by_their_beginning(visitor, header):
    assert visitor.get("/metrics", headers={header: "1"}).status_code == 404


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("localhost:5000", 200), ("127.0.0.1:5000", 200), ("[::1]:5000", 200), ("[::1]", 200),
     ("LOCALHOST", 200), ("madang.example", 404), ("localhost.evil.example", 404), ("127.0.0.1.evil.example:80", 404),
     ("127.0.0.2", 404), ("evil.example:127", 404)],
)  # fmt: skip
def test_only_the_names_of_this_machine_lead_to_the_metrics(app, visitor, host, status):
    """A proxy that sends no headers of its own passes on the host; so does a page that a browser was led to (DNS)."""
    assert visitor.get("/metrics", headers={"Host": host}).status_code == status
    app.config["METRICS_TOKEN"] = "a-long-token"
    headers = {"Host": host, "Authorization": "Bearer a-long-token"}
    assert visitor.get("/metrics", headers=headers).status_code == 200


def test_health_checks_answer(visitor):
    assert visitor.get("/healthz").json == {"status": "ok"}
    assert visitor.get("/readyz").json == {"status": "ok"}
