"""The filter of deploy/fail2ban finds failed log-ins in lines that nginx and Caddy wrote, and nothing else."""

import configparser
import json
import re
import shutil
import subprocess

import pytest

from tests.conftest import skip_missing
from tests.conventions import ROOT

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
]
OTHERS = [
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


def test_the_jail_reads_the_log_that_nginx_writes():
    jail = configparser.ConfigParser()
    jail.read(FOLDER / "jail.d" / "madang.conf", encoding="utf-8")
    assert jail["madang"]["filter"] == FILTER.stem
    log = jail["madang"]["logpath"]
    assert f"access_log {log};" in (ROOT / "deploy" / "nginx" / "madang.conf").read_text(encoding="utf-8")


def test_the_other_log_is_the_one_that_caddy_writes():
    log = re.search(r"With Caddy instead: logpath = (\S+)", (FOLDER / "jail.d" / "madang.conf").read_text("utf-8"))[1]
    assert f"output file {log}\n" in (ROOT / "deploy" / "caddy" / "Caddyfile").read_text(encoding="utf-8")
