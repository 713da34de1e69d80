"""nginx with the files of deploy/nginx: the headers of each path, what is limited, what is shown without the site."""

import json
import re
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import pytest
from PIL import Image

from tests.conventions import ROOT
from tests.timing import TIMEOUT_SECONDS

from .installation import Installation
from .nginx import NAME
from .traffic import Client

pytestmark = pytest.mark.faults
ERRORS = ROOT / "deploy" / "nginx" / "errors"
HSTS = ("Strict-Transport-Security", "max-age=31536000")
NOSNIFF = ("X-Content-Type-Options", "nosniff")
YEAR = "public, max-age=31536000, immutable"
LARGEST = 16 * 1024 * 1024


@pytest.fixture(scope="module")
def picture(site) -> str:
    """The address of an uploaded picture."""
    content = BytesIO()
    Image.new("RGB", (20, 20), "red").save(content, "PNG")
    person = Client("pia", site.nginx)
    person.sign_up()
    answer = person.send_picture(content.getvalue())
    assert answer.status == 201, answer.text
    return re.search(r"/files/[\w.-]+", answer.text)[0]


@pytest.fixture(scope="module")
def script() -> str:
    manifest = ROOT / "madang" / "static" / "dist" / "manifest.json"
    return f"/static/dist/{json.loads(manifest.read_text(encoding='utf-8'))['madang.js']}"


def test_the_configuration_is_valid(site):
    assert "warn" not in site.nginx.check()


def test_each_response_has_its_headers_exactly_once(site, picture, script):
    table = {
        "/": (200, {"Cache-Control": None}),
        "/nowhere": (404, {}),
        "/api/v1/posts": (200, {}),
        "/healthz": (200, {}),
        "/static/nowhere.js": (404, {}),
        "/static/dist/nowhere-0123456789.js": (404, {}),
        "/madang-errors/unavailable.html": (404, {}),
        script: (200, {"Cache-Control": YEAR}),
        "/static/dist/manifest.json": (200, {"Cache-Control": "public, max-age=3600"}),
        picture: (200, {"Cache-Control": YEAR, "Content-Security-Policy": "default-src 'none'; sandbox"}),
    }
    for path, (status, headers) in table.items():
        response = site.nginx.get(path)
        assert response.status == status, path
        for name, value in (HSTS, NOSNIFF):
            assert response.headers.get_all(name) == [value], path
        for name, value in headers.items():
            values = response.headers.get_all(name)
            assert len(values or ()) == 1, f"{path} has {name} {values}"
            assert value is None or values == [value], path
        if status == 404:
            assert "immutable" not in response.headers.get("Cache-Control", ""), path


def test_static_files_are_sent_as_the_build_has_compressed_them(site, script):
    file = site.code / "madang" / script.lstrip("/")
    encodings = ["gzip", *(["br"] if site.nginx.has_brotli else [])]
    for encoding in encodings:
        response = site.nginx.get(script, Accept_Encoding=encoding)
        assert response.headers["Content-Encoding"] == encoding
        ending = {"gzip": ".gz", "br": ".br"}[encoding]
        assert response.body == file.with_name(file.name + ending).read_bytes()
        assert "Accept-Encoding" in response.headers["Vary"]
    assert site.nginx.get(script).body == file.read_bytes()


def test_a_picture_that_is_taken_away_is_gone_within_seconds(site, picture):
    """Whether it was deleted, or is on a board that not everybody may see any more: nginx asks the site each second."""
    assert site.nginx.get(picture).status == 200
    stored = list(Path(site.environ["MADANG_INSTANCE"]).rglob(picture.rpartition("/")[2]))
    assert stored
    hidden = stored[0].rename(stored[0].with_suffix(".hidden"))
    try:
        deadline = monotonic() + TIMEOUT_SECONDS
        while site.nginx.get(picture).status != 404:
            assert monotonic() < deadline
            sleep(0.2)
    finally:
        hidden.rename(stored[0])


def test_a_body_above_the_bound_does_not_reach_the_site(site):
    connection = site.nginx.connect()
    connection.putrequest("POST", "/files")
    connection.putheader("Content-Length", str(LARGEST + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_http_is_redirected(site):
    connection = site.nginx.connect_plain()
    connection.request("GET", "/posts?page=2", headers={"Host": NAME})
    response = connection.getresponse()
    assert (response.status, response.headers["Location"]) == (301, f"https://{NAME}/posts?page=2")
    assert HSTS[0] not in response.headers
    connection.close()


def test_metrics_are_asked_for_with_a_token_only(site):
    assert site.nginx.get("/metrics").status in (401, 403, 404)


@pytest.fixture(scope="class")
def without_site(site: Installation):
    """The socket is gone, as after `systemctl stop madang-web.socket`."""
    path = site.folder / "run" / "web.sock"
    path.rename(path.with_suffix(".gone"))
    yield
    path.with_suffix(".gone").rename(path)


@pytest.mark.usefixtures("without_site")
class TestWithoutTheSite:
    @pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/posts/new"), ("GET", "/events")])
    def test_people_see_a_page_in_both_languages(self, site, method, path):
        response = site.nginx.get(path, method)
        assert (response.status, response.headers["Retry-After"]) == (503, "10")
        assert response.headers["Content-Type"].startswith("text/html")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.body == (ERRORS / "unavailable.html").read_bytes()
        assert [response.headers.get_all(name) for name, _value in (HSTS, NOSNIFF)] == [[HSTS[1]], [NOSNIFF[1]]]

    def test_programs_get_a_problem(self, site):
        response = site.nginx.get("/api/v1/posts")
        assert (response.status, response.headers["Content-Type"]) == (503, "application/problem+json")
        assert json.loads(response.body)["code"] == "unavailable"

    def test_static_files_are_still_served(self, site, script):
        assert site.nginx.get(script).status == 200


def test_the_site_can_be_closed_as_a_whole(site, script):
    closed = site.folder / "etc" / "closed"
    closed.touch()
    try:
        assert site.nginx.get("/").status == 503
        assert site.nginx.get("/api/v1/posts").headers["Retry-After"] == "10"
    finally:
        closed.unlink()
    assert site.nginx.get("/").status == 200


def test_the_error_page_needs_nothing_else():
    page = (ERRORS / "unavailable.html").read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=|url\(|@import|<script", page)
    assert 'lang="ko"' in page and 'lang="en"' in page and "prefers-color-scheme: dark" in page
