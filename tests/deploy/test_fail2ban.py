"""The filter of deploy/fail2ban finds failed log-ins in lines that nginx and Caddy wrote, and nothing else."""

import base64
import configparser
import json
import re
import shutil
import subprocess

import pytest

from tests.conftest import skip_missing
from tests.conventions import ROOT
from tests.faults.site import soon

from .nginx import NAME

FOLDER = ROOT / "deploy" / "fail2ban"
FILTER = FOLDER / "filter.d" / "madang.conf"
NGINX = '203.0.113.7 - - [30/Nov/2026:21:55:22 +0000] "{} HTTP/2.0" {} 166 "https://board.example.org/" "curl/7.88.1"'
FAILURES = [
    ("POST /auth/login", 422),
    ("POST /auth/login?next=/feed", 422),
    ("POST /auth/login", 429),
    ("POST /setup", 422),
    ("POST /api/v1/auth/login", 401),
    ("POST /api/v1/auth/login", 429),
    ("POST /auth/forgot", 429),
    ("POST /api/v1/auth/register", 429),
    ("POST /auth/%6Cogin", 422),
    ("POST //%61%75%74%68//%6c%6F%67%69%6e", 422),
    ("POST /%73%65%74%75%70", 422),
    ("POST /%61%70%69/%76%31/auth/login", 401),
    ("POST /auth%2Flogin?next=/feed", 429),
    ("POST https://board.example.org/auth/login", 422),
    ("POST /auth/login#here", 422),
]
OTHERS = [
    ("POST /auth/login", 400),  # a form of another site, or one that was open for too long
    ("POST /auth/login", 403),
    ("POST /api/v1/auth/login", 422),  # another site can let its visitors send these three
    ("POST /api/v1/auth/refresh", 429),
    ("POST /api/v1/%6De", 401),
    ("POST /tags/%EB%A7%88%EB%8B%B9/follow", 401),
    ("POST /posts/3?next=%2Fauth%2Flogin", 422),
    ("POST http://elsewhere.example.org?/auth/login", 422),
    ("POST /auth/login", 302),
    ("GET /auth/login", 200),
    ("POST /auth/signup", 422),
    ("POST /posts/new", 429),
    ("GET /api/v1/me", 401),
    ("POST /search?q=/auth/login", 422),
]


def caddy(request: str, status: int) -> str:
    method, _space, uri = request.partition(" ")
    asked = {"remote_ip": "203.0.113.7", "remote_port": "49764", "proto": "HTTP/2.0", "method": method}
    asked |= {
        "host": "board.example.org",
        "uri": uri,
        "headers": {"User-Agent": ['x","status":401,"remote_ip":"1.2.3.4']},
    }
    line = {"level": "info", "ts": 1796075736.4544816, "logger": "http.log.access.log0", "msg": "handled request"}
    line |= {"request": asked, "user_id": "", "duration": 0.26, "size": 166, "status": status, "resp_headers": {}}
    return json.dumps(line, separators=(",", ":"))


def lines(cases: list[tuple[str, int]]) -> list[str]:
    return [write(*case) for case in cases for write in (NGINX.format, caddy)]


@pytest.fixture
def matched(tmp_path):
    if shutil.which("fail2ban-regex") is None:
        skip_missing("no fail2ban on this machine")

    def count(log: list[str]) -> int:
        path = tmp_path / "access.log"
        path.write_text("\n".join(log) + "\n", encoding="utf-8")
        command = ["fail2ban-regex", "--print-all-matched", str(path), str(FILTER)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode in (0, 255), done.stdout + done.stderr  # 255: nothing is matched
        return int(re.search(r"(\d+) matched", done.stdout)[1])

    return count


def test_each_failed_log_in_is_found(matched):
    assert matched(lines(FAILURES)) == 2 * len(FAILURES)


def test_nothing_else_is(matched):
    assert matched(lines(OTHERS)) == 0


def test_a_header_cannot_accuse_another_address(matched):
    forged = caddy("GET /", 200).replace("203.0.113.7", "203.0.113.8")
    assert matched([forged]) == 0


# As nginx writes what clients send: a quotation mark, a backslash and control characters in hexadecimal.
BASIC_NAMES = [
    "-",
    "a b",
    "[",
    "a] [",
    "{",
    "1.2.3.4 - - [30/Nov/2026:21:55:22 +0000] \\x22POST /auth/login",
    "\\x0A1.2.3.4",
]


@pytest.mark.parametrize("name", BASIC_NAMES)
def test_the_name_of_http_basic_hides_nothing_and_accuses_nobody(matched, name):
    def line(*case: object) -> str:
        return NGINX.format(*case).replace("- - [", f"- {name} [", 1)

    assert matched([line("POST /auth/login", 422)]) == 1
    assert matched([line("GET /", 401)]) == 0


TARGETS = [
    "/api/v1/auth/login",
    "/api/v1/auth/login?",
    "/api/v1/auth/login#here",
    "/api/v1/auth/%6Cogin",
    "/api/v1/auth%2Flogin",
    "/api/v%31/auth/login",
    f"https://{NAME}/api/v1/auth/login",
    f"HTTP://{NAME}:443/api/v1/auth/login",
    "  /api/v1/auth/login",
    "//api/v1/auth/login",
    "/./api/v1/auth/login",
    "/x/../api/v1/auth/login",
    "/api/v1/auth/login/",
    "/api/v1/auth/login;x",
    "/api/v1/auth/login%20",
    "/api/v1/auth/%2e/login",
]


def _log_in(site, target: str, name: str = "", kind: str = "application/json") -> int:
    """The status of a wrong password at an address as written, with a name of HTTP Basic."""
    body = b'{"username": "nobody", "password": "wrong"}' if kind else b""
    head = [f"POST {target} HTTP/1.1", f"Host: {NAME}", "Connection: close"]
    if kind:
        head.append(f"Content-Type: {kind}")
    if name:
        head.append(f"Authorization: Basic {base64.b64encode(f'{name}:x'.encode()).decode()}")
    head.append(f"Content-Length: {len(body)}")
    connection = site.nginx.connect()
    connection.connect()
    connection.sock.sendall("\r\n".join([*head, "", ""]).encode() + body)
    answer = connection.sock.makefile("rb").readline()
    connection.close()
    return int(answer.split()[1])


@pytest.mark.faults
def test_a_wrong_password_is_found_in_the_log_of_nginx_however_the_address_is_written(site, matched):
    log = site.folder / "madang.access.log"
    before = len(log.read_text(encoding="utf-8").splitlines())
    names = ["", "a b", "[", '"', "\n1.2.3.4", "x [30/Nov/2020:21:55:22 +0000]"]
    tried = [(target, _log_in(site, target)) for target in TARGETS]
    tried += [(TARGETS[0], _log_in(site, TARGETS[0], name)) for name in names]
    failed = sum(status in (401, 429) for _target, status in tried)
    assert failed >= 10 + len(names), tried
    assert soon(lambda: len(log.read_text(encoding="utf-8").splitlines()) == before + len(tried))
    assert matched(log.read_text(encoding="utf-8").splitlines()[before:]) == failed, tried


def test_the_jail_reads_the_log_that_nginx_writes():
    jail = configparser.ConfigParser()
    jail.read(FOLDER / "jail.d" / "madang.conf", encoding="utf-8")
    assert jail["madang"]["filter"] == FILTER.stem
    log = jail["madang"]["logpath"]
    assert f"access_log {log};" in (ROOT / "deploy" / "nginx" / "madang.conf").read_text(encoding="utf-8")


def test_the_other_log_is_the_one_that_caddy_writes():
    log = re.search(r"With Caddy instead: logpath = (\S+)", (FOLDER / "jail.d" / "madang.conf").read_text("utf-8"))[1]
    assert f"output file {log}\n" in (ROOT / "deploy" / "caddy" / "Caddyfile").read_text(encoding="utf-8")


@pytest.mark.faults
@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_form_of_another_site_cannot_close_the_site_for_its_visitors(site, matched, kind):
    log = site.folder / "madang.access.log"
    before = len(log.read_text(encoding="utf-8").splitlines())
    targets = ["/auth/login", "/setup", "/auth/signup", "/auth/forgot"]
    targets += [f"/api/v1/auth/{each}" for each in ("login", "register", "forgot", "refresh", "r%65fresh")]
    targets += ["/api/v1/posts", "/api/v1/post%73"]
    tried = [(target, _log_in(site, target, kind=kind)) for target in targets for _time in range(3)]
    assert soon(lambda: len(log.read_text(encoding="utf-8").splitlines()) == before + len(tried))
    assert matched(log.read_text(encoding="utf-8").splitlines()[before:]) == 0, tried
