"""Atom feeds and their caching."""

from xml.etree import ElementTree

import pytest

from tests.people import BODY

pytestmark = pytest.mark.each_database

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def parsed(person, path):
    response = person.get(path)
    assert response.status_code == 200
    assert response.mimetype == "application/atom+xml"
    return ElementTree.fromstring(response.data)


def titles(feed):
    return [entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]


@pytest.fixture
def thread(ann, bob):
    """The ids of a question with tags and of its answer; there is also a post on another board."""
    question = ann.ask("조약돌 <옮기기> & 놓기", body="See [this](/posts/1) & `a < b`.", tags="돌 garden")
    answer = bob.answer(question, body="Carry them one by one.")
    ann.ask("Good morning", board="talk", body=BODY)
    return question, answer


def test_a_feed_is_valid_atom(thread, visitor):
    feed = parsed(visitor, "/feed.atom")
    for name in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{name}", namespaces=ATOM)
    entry = feed.findall("a:entry", ATOM)[1]
    assert entry.findtext("a:title", namespaces=ATOM) == "조약돌 <옮기기> & 놓기"
    assert entry.findtext("a:id", namespaces=ATOM) == f"http://localhost/posts/{thread[0]}"
    assert entry.findtext("a:author/a:uri", namespaces=ATOM) == "http://localhost/users/ann"
    assert [category.get("term") for category in entry.findall("a:category", ATOM)] == ["돌", "garden"]
    content = entry.findtext("a:content", namespaces=ATOM)
    assert 'href="http://localhost/posts/1"' in content
    assert "a &lt; b" in content
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert links == {"self": "http://localhost/feed.atom", "alternate": "http://localhost/"}


def test_each_feed_lists_its_own_posts(thread, ann, visitor):
    question = "조약돌 <옮기기> & 놓기"
    assert titles(parsed(visitor, "/feed.atom")) == ["Good morning", question]
    assert titles(parsed(visitor, "/boards/qa/feed.atom")) == [question]
    assert titles(parsed(visitor, "/tags/garden/feed.atom")) == [question]
    assert titles(parsed(visitor, "/users/ann/feed.atom")) == ["Good morning", question]
    assert titles(parsed(visitor, "/users/bob/feed.atom")) == [f"Answer to “{question}”"]


def test_addresses_begin_with_the_site_url(app, thread, visitor):
    app.config["SITE_URL"] = "https://yard.example.org"
    feed = parsed(visitor, "/boards/qa/feed.atom")
    assert feed.findtext("a:id", namespaces=ATOM) == "https://yard.example.org/boards/qa/feed.atom"
    assert feed.findtext("a:entry/a:id", namespaces=ATOM) == f"https://yard.example.org/posts/{thread[0]}"


def test_deleted_posts_are_in_no_feed(thread, dan, visitor):
    dan.post(f"/posts/{thread[0]}/delete")
    for path in ("/feed.atom", "/boards/qa/feed.atom", "/tags/garden/feed.atom", "/users/ann/feed.atom",
                 "/users/bob/feed.atom"):  # fmt: skip
        assert "조약돌" not in visitor.page(path)


def test_an_unchanged_feed_is_answered_with_304(thread, ann, visitor):
    first = visitor.get("/feed.atom")
    again = visitor.get("/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert visitor.get("/feed.atom", headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    ann.ask("Something new", body=BODY)
    assert visitor.get("/feed.atom", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_feed_has_the_thirty_newest_posts(ann, visitor):
    for number in range(32):
        ann.ask(f"Question number {number}", body=BODY)
    entries = titles(parsed(visitor, "/feed.atom"))
    assert len(entries) == 30
    assert entries[0] == "Question number 31"


def test_a_feed_may_be_empty(visitor):
    assert titles(parsed(visitor, "/feed.atom")) == []


@pytest.mark.parametrize("path", ["/boards/none/feed.atom", "/tags/none/feed.atom", "/users/none/feed.atom"])
def test_a_feed_of_an_unknown_page_is_not_found(visitor, path):
    assert visitor.get(path).status_code == 404


def test_pages_link_to_their_feeds(thread, visitor):
    assert 'href="/feed.atom"' in visitor.page("/")
    assert 'href="/boards/qa/feed.atom"' in visitor.page("/boards/qa")
    assert 'href="/tags/garden/feed.atom"' in visitor.page("/tags/garden")


def test_the_longest_posts_are_shortened_to_their_excerpt(ann, visitor):
    ann.ask(body="<&> " + "![a](https://a.kr/b) " * 4_000)
    answer = visitor.get("/feed.atom")
    content = ElementTree.fromstring(answer.data).findtext("a:entry/a:content", namespaces=ATOM)
    assert "&lt;&amp;&gt;" in content and "<img" not in content
    assert len(answer.data) < 10_000
