"""Metrics and health checks."""

import pytest

pytestmark = pytest.mark.each_database


def test_metrics_are_public_to_this_machine(ann, visitor):
    visitor.page("/questions")
    text = visitor.page("/metrics")
    assert 'madang_requests_total{cached="no",endpoint="posts.questions",status="200"}' in text


def test_other_machines_need_the_token(app, visitor):
    assert visitor.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    app.config["METRICS_TOKEN"] = "a-long-token"
    assert visitor.get("/metrics").status_code == 404
    assert visitor.get("/metrics", headers={"Authorization": "Bearer a-long-token"}).status_code == 200


FORWARDING = [
    *(
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Server",
        "X-Forwarded",
    ),
    *("X-Forwarded-Port", "X-Forwarded-Client-Cert", "X-Real-IP", "X-Client-IP", "Client-IP", "X-Azure-ClientIP"),
    *(
        "X-Azure-SocketIP",
        "X-Azure-Ref",
        "X-Azure-FDID",
        "X-Cluster-Client-IP",
        "X-Original-Forwarded-For",
        "X-ARR-SSL",
    ),
    *("X-ProxyUser-Ip", "X-Original-Host", "X-Original-URL", "X-Rewrite-URL", "X-Envoy-Internal", "X-Request-ID"),
    *("X-Envoy-External-Address", "CDN-Loop", "CF-Connecting-IP", "CF-Ray", "CF-IPCountry", "Fastly-Client-IP"),
    *(
        "Fly-Client-IP",
        "True-Client-IP",
        "X-Appengine-User-IP",
        "X-Cloud-Trace-Context",
        "X-Amzn-Trace-Id",
        "Akamai-Origin-Hop",
    ),
    *("X-Vercel-Forwarded-For", "X-NF-Client-Connection-IP", "DO-Connecting-IP", "X-Remote-Addr", "Proxy-Connection"),
    *("X-Forward-For", "WL-Proxy-Client-IP", "Proxy-Client-IP", "X-Host", "X-Scheme", "Front-End-Https", "X-Varnish"),
    *("Via-Proxy", "Tailscale-User-Login", "Ngrok-Skip-Browser-Warning", "X-Nobody-Named-It", "Peer"),
]


@pytest.mark.parametrize("header", FORWARDING)
@pytest.mark.parametrize("value", ["127.0.0.1", "192.0.2.7", ""])
def test_a_forwarded_request_needs_the_token(app, visitor, header, value):
    """A proxy on this machine without a rule for /metrics, also where the site does not know that it trusts one."""
    assert visitor.get("/metrics", headers={header: value}).status_code == 404
    app.config["METRICS_TOKEN"] = "a-long-token"
    headers = {header: value, "Authorization": "Bearer a-long-token"}
    assert visitor.get("/metrics", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Prometheus/2.53.0", "Accept": "text/plain;version=0.0.4;q=1,*/*;q=0.1",
         "Accept-Encoding": "gzip", "X-Prometheus-Scrape-Timeout-Seconds": "10"},
        {"User-Agent": "curl/8.5.0", "Accept": "*/*"},
        {"User-Agent": "Python-urllib/3.11", "Accept-Encoding": "identity", "Connection": "close"},
        {"Cookie": "session=a", "DNT": "1", "Upgrade-Insecure-Requests": "1", "Sec-Fetch-Mode": "navigate",
         "Sec-CH-UA-Platform": "Linux", "Priority": "u=0, i", "Accept-Language": "ko", "Cache-Control": "max-age=0"},
    ],
    ids=["prometheus", "curl", "python", "browser"],
)  # fmt: skip
def test_programs_on_this_machine_read_them(visitor, headers):
    assert visitor.get("/metrics", headers=headers).status_code == 200


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
    assert visitor.get("/readyz").json == {"status": "ok", "database": "ok"}
