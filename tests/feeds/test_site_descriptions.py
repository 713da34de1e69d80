"""Sitemaps, robots.txt, the web manifest, the OpenSearch description and the page about the site."""

from xml.etree import ElementTree

import pytest

from madang.core.db import transaction
from madang.core.site import set_site
from madang.feeds import queries

pytestmark = pytest.mark.each_database

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def locations(person, path):
    root = ElementTree.fromstring(person.page(path).encode())
    return [element.text for element in root.findall(".//s:loc", SITEMAP)]


def test_the_sitemaps_list_every_public_post(ann, bob, dan, visitor, monkeypatch):
    monkeypatch.setattr(queries, "SITEMAP_SIZE", 2)
    posts = [ann.ask(f"Question number {number}") for number in range(3)]
    answer = bob.answer(posts[0])
    dan.post(f"/posts/{posts[1]}/delete")
    pages = [page.removeprefix("http://localhost") for page in locations(visitor, "/sitemap.xml")]
    addresses = [address for page in pages for address in locations(visitor, page)]
    assert f"http://localhost/posts/{posts[0]}/question-number-0" in addresses
    assert f"http://localhost/posts/{posts[2]}/question-number-2" in addresses
    assert not [address for address in addresses if f"/{posts[1]}/" in address or f"/{answer}/" in address]


def test_the_sitemap_lists_boards_and_tags(ann, visitor):
    ann.ask(tags="정원 garden")
    places = locations(visitor, "/sitemap-places.xml")
    assert {"http://localhost/", "http://localhost/boards/qa", "http://localhost/tags/garden"} <= set(places)
    assert "http://localhost/tags/%EC%A0%95%EC%9B%90" in places


@pytest.mark.parametrize("number", ["0", "2", "999999999999999999999"])
def test_an_unknown_sitemap_is_not_found(ann, visitor, number):
    ann.ask()
    assert visitor.get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_txt_names_the_sitemap_and_excludes_forms(visitor):
    page = visitor.page("/robots.txt")
    assert "Sitemap: http://localhost/sitemap.xml" in page
    assert "Disallow: /search" in page
    assert "Disallow: /posts/*/flags" in page and "Disallow: /comments/" in page, "visitors are offered to flag"


def test_the_manifest_names_the_site(visitor):
    response = visitor.get("/manifest.webmanifest")
    assert response.mimetype == "application/manifest+json"
    manifest = response.get_json(force=True)
    assert (manifest["name"], manifest["start_url"]) == ("Yard", "/")
    assert visitor.get(manifest["icons"][0]["src"]).status_code == 200


def test_the_search_is_described_for_browsers(visitor):
    assert "http://localhost/search?q={searchTerms}" in visitor.page("/opensearch.xml")


def test_unchanged_descriptions_are_answered_with_304(visitor):
    for path in ("/sitemap.xml", "/robots.txt", "/manifest.webmanifest", "/opensearch.xml"):
        etag = visitor.get(path).headers["ETag"]
        assert visitor.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_the_page_about_the_site(app, ann, visitor):
    ann.ask()
    page = visitor.page("/about")
    assert "About Yard" in page
    assert "<dd>1</dd>" in page
    with app.app_context(), transaction():
        set_site(description="A yard for all.", rules="Be **kind**.\n\n<script>alert(1)</script>")
    page = visitor.page("/about")
    assert "A yard for all." in page
    assert "<strong>kind</strong>" in page
    assert "alert(1)" not in page
