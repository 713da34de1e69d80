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


def author_names(feed):
    return [entry.findtext("a:author/a:name", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]


def test_authors_have_their_username_and_staff_a_badge(thread, ann, bob, dan, visitor):
    profile = {"bio": "", "website": "", "location": ""}
    dan.ask("A rule", board="talk", body=BODY)
    dan.post("/settings", display_name="Big Boss", **profile)
    bob.post("/settings", display_name="Ann", **profile)
    names = author_names(parsed(visitor, "/feed.atom"))
    assert names[0] == "Big Boss (@dan, Moderator)" and set(names[1:]) <= {"ann", "Ann (@bob)"}
    title = parsed(visitor, "/users/dan/feed.atom").findtext("a:title", namespaces=ATOM)
    assert title.startswith("Big Boss (@dan, Moderator) · ")


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


def test_a_feed_has_the_twenty_newest_posts(ann, visitor):
    for number in range(22):
        ann.ask(f"Question number {number}", body=BODY, tags="yard")
    for path in ("/feed.atom", "/boards/qa/feed.atom", "/tags/yard/feed.atom", "/users/ann/feed.atom"):
        entries = titles(parsed(visitor, path))
        assert len(entries) == 20, path
        assert entries[0] == "Question number 21"


def test_a_feed_may_be_empty(visitor):
    assert titles(parsed(visitor, "/feed.atom")) == []


@pytest.mark.parametrize("path", ["/boards/none/feed.atom", "/tags/none/feed.atom", "/users/none/feed.atom"])
def test_a_feed_of_an_unknown_page_is_not_found(visitor, path):
    assert visitor.get(path).status_code == 404


def test_pages_link_to_their_feeds(thread, visitor):
    assert 'href="/feed.atom"' in visitor.page("/")
    assert 'href="/boards/qa/feed.atom"' in visitor.page("/boards/qa")
    assert 'href="/tags/garden/feed.atom"' in visitor.page("/tags/garden")


@pytest.mark.parametrize(
    ("body", "is_whole"),
    [
        ("w" * 9_990, True),
        ("w" * 9_994, False),  # with <p> and </p> and a line break
        ("가" * 3_300, True),
        ("가" * 3_334, False),  # 10,002 bytes, though 3,334 characters
        ("<&> " + "![a](https://a.kr/b) " * 400, False),
        ("&" * 2_100, False),  # five characters of HTML each
    ],
    ids=["letters", "letters too many", "Hangul", "Hangul too many", "pictures", "escaped"],
)
def test_a_post_of_more_than_ten_kilobytes_is_shortened_to_its_excerpt(ann, visitor, body, is_whole):
    ann.ask(body=body)
    answer = visitor.get("/feed.atom")
    content = ElementTree.fromstring(answer.data).findtext("a:entry/a:content", namespaces=ATOM)
    assert content.startswith("<p>") == is_whole
    assert len(content.encode()) <= 10_000
    assert is_whole or len(answer.data) < 3_000
