"""Caddy with the files of a server and of containers, in which only addresses, paths and the socket are replaced."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.conftest import skip_missing
from tests.conventions import ROOT
from tests.faults.site import free_port, soon
from tests.timing import TIMEOUT_SECONDS

CADDYFILE = ROOT / "deploy" / "caddy" / "Caddyfile"
CADDYFILE_OF_CONTAINERS = ROOT / "deploy" / "containers" / "Caddyfile"
ERRORS = ROOT / "deploy" / "nginx" / "errors"


class Caddy:
    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, **headers: str) -> HTTPResponse:
        """The response, whose body has been read into `body`."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        response.body = response.read()
        connection.close()
        return response

    def is_up(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True


@contextmanager
def running(caddyfile: Path, folder: Path, places: dict[str, str]) -> Iterator[Caddy]:
    """Caddy, while the application does not answer; `places` replaces parts of its file."""
    if shutil.which("caddy") is None:
        skip_missing("no caddy on this machine")
    port = free_port()
    text = caddyfile.read_text(encoding="utf-8")
    for path, other in places.items():
        assert path in text
        text = text.replace(path, other.format(port=port))
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{text}", encoding="utf-8")
    environ = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    site = Caddy(port)
    try:
        assert soon(site.is_up)
        yield site
    finally:
        process.terminate()
        process.wait(TIMEOUT_SECONDS)


@pytest.fixture(scope="module")
def caddy_on_server(tmp_path_factory) -> Iterator[Caddy]:
    folder = tmp_path_factory.mktemp("caddy")
    places = {
        "board.example.org {": "http://127.0.0.1:{port} {{",
        "/srv/madang": str(ROOT),
        "/run/madang": str(folder),
        "/var/log/caddy": str(folder),
    }
    with running(CADDYFILE, folder, places) as site:
        yield site


@pytest.fixture(scope="module")
def caddy_in_containers(tmp_path_factory) -> Iterator[Caddy]:
    places = {
        "{$MADANG_DOMAIN:localhost} {": "http://127.0.0.1:{port} {{",
        "/srv/errors": str(ERRORS),
        "web:8000": f"127.0.0.1:{free_port()}",
    }
    with running(CADDYFILE_OF_CONTAINERS, tmp_path_factory.mktemp("caddy"), places) as site:
        yield site


@pytest.fixture(params=["caddy_on_server", "caddy_in_containers"])
def caddy(request) -> Caddy:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize(
    ("path", "status", "kind", "content"),
    [
        ("/", 503, "text/html; charset=utf-8", "unavailable.html"),
        ("/events", 503, "text/html; charset=utf-8", "unavailable.html"),
        ("/api/v1/posts", 503, "application/problem+json", "unavailable.json"),
    ],
)
def test_without_the_site_there_is_a_page_or_a_problem(caddy, path, status, kind, content):
    response = caddy.get(path)
    assert (response.status, response.headers["Content-Type"]) == (status, kind)
    assert response.body == (ERRORS / content).read_bytes()
    assert response.headers["Retry-After"] == "10"
    assert response.headers["Cache-Control"] == "no-store"


def test_static_files_are_compressed_and_kept_for_a_year(caddy_on_server):
    manifest = ROOT / "madang" / "static" / "dist" / "manifest.json"
    name = json.loads(manifest.read_text(encoding="utf-8"))["madang.js"]
    response = caddy_on_server.get(f"/static/dist/{name}", Accept_Encoding="br")
    assert response.body == manifest.with_name(f"{name}.br").read_bytes()
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/", "/static/dist/manifest.json", "/metrics"])
def test_security_headers_are_sent_once(caddy, path):
    headers = caddy.get(path).headers
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
