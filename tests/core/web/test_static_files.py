"""Static files where no web server in front sends them: compressed by the build, and cached by their names."""

import gzip
import json

import pytest

from tests.conventions import ROOT

DIST = ROOT / "madang" / "static" / "dist"
NAME = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))["madang.css"]
PATH = f"/static/dist/{NAME}"


def get(app, path: str, accepted: str = "", **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get(path, headers={"Accept-Encoding": accepted, **named})


@pytest.mark.parametrize(
    ("accepted", "encoding", "file"),
    [
        ("gzip, deflate, br, zstd", "br", f"{NAME}.br"),
        ("br;q=0.5, gzip", "gzip", f"{NAME}.gz"),
        ("gzip", "gzip", f"{NAME}.gz"),
        ("br;q=0, gzip;q=0", None, NAME),
        ("identity", None, NAME),
        ("", None, NAME),
    ],
)
def test_a_client_gets_the_best_encoding_that_it_accepts(app, accepted, encoding, file):
    response = get(app, PATH, accepted)
    assert response.status_code == 200
    assert response.headers.get("Content-Encoding") == encoding
    assert response.data == (DIST / file).read_bytes()
    assert response.content_type == "text/css; charset=utf-8"
    assert "Accept-Encoding" in response.headers["Vary"]


def test_each_encoding_has_an_etag_of_its_own(app):
    tags = {accepted: get(app, PATH, accepted).headers["ETag"] for accepted in ("br", "gzip", "")}
    assert len(set(tags.values())) == 3
    for accepted, tag in tags.items():
        response = get(app, PATH, accepted, If_None_Match=tag)
        assert (response.status_code, response.data) == (304, b"")
        assert "Accept-Encoding" in response.headers["Vary"]
    assert get(app, PATH, "gzip", If_None_Match=tags["br"]).status_code == 200


def test_a_part_is_one_of_the_encoded_file(app):
    response = get(app, PATH, "gzip", Range="bytes=0-99")
    assert response.status_code == 206
    assert response.data == (DIST / f"{NAME}.gz").read_bytes()[:100]
    assert response.headers["Content-Encoding"] == "gzip"


def test_the_compressed_file_is_the_same_file(app):
    assert gzip.decompress(get(app, PATH, "gzip").data) == get(app, PATH).data


def test_hashed_files_are_kept_for_a_year_and_others_for_an_hour(app):
    assert get(app, PATH).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    response = get(app, "/static/favicon.svg", "br")
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize(
    "path", ["/static/nowhere.css", "/static/../config/kinds.py", "/static/dist/%2e%2e/%2e%2e/cli.py", "/static/dist"]
)
def test_what_is_no_file_is_not_found(app, path):
    assert get(app, path, "br").status_code == 404


def test_a_file_that_shared_caches_may_keep_brings_no_cookie(ann):
    response = ann.get(PATH)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "name", ["a" * 300, "a" * 300 + "/b", "dist/" + "가" * 200, "%00", "dist", "..%2f..%2fapplication.py"]
)
def test_a_name_of_no_file_is_not_found(app, name):
    assert get(app, f"/static/{name}", "br, gzip").status_code == 404
