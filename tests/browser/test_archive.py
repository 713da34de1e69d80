"""An archive opened as files: its search, its pages with axe, on a phone, in the dark, without a script."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from madang.archiving.operations.archive import search, writing
from madang.core.clock import now
from madang.core.db import transaction
from madang.core.site import set_site
from tests.people import Person

from .test_every_page import AXE

pytestmark = pytest.mark.browser


@pytest.fixture
def archive(app: Flask, built: None, ann: Person, bob: Person, tmp_path: Path, monkeypatch) -> Path:
    """An archive whose search has several segments of many small shards."""
    monkeypatch.setattr(search, "PER_FOLDER", 1)
    monkeypatch.setattr(search, "FOLDERS_PER_SEGMENT", 3)
    monkeypatch.setattr(search, "SHARD_CHARACTERS", 60)
    server = ann.ask("서버가 자꾸 꺼져요", "어제부터 밤마다 꺼져요. 로그에는 아무것도 없어요.", tags="서버 c++")
    bob.answer(server, "I would look at the capacitor first: 전원을 확인해 보세요.")
    ann.ask("How do I move a yard?", "It has a server in it, and one tree, and much grass.")
    ann.ask("Server room", "It is too hot in there, whatever we try in summer.")
    bob.ask("나무를 옮기는 법", "아주 큰 나무예요. 어떻게 하면 좋을까요?")
    with app.app_context():
        with transaction():
            set_site(locale="ko")
        writing.write_archive(tmp_path / "yard", app.jinja_env, now=now())
    return tmp_path / "yard"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def find(page: Page, archive: Path, query: str) -> list[str]:
    """The titles that the search finds."""
    page.goto(f"{(archive / 'search.html').as_uri()}?q={quote(query)}")
    expect(page.locator("#archive-state")).not_to_have_text("찾는 중…")
    return page.locator("#archive-hits h2").all_inner_texts()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("서버", ["서버가 자꾸 꺼져요"]),
        ("서버 밤마다", ["서버가 자꾸 꺼져요"]),
        ("나", ["나무를 옮기는 법"]),
        ("SERVER", ["Server room", "How do I move a yard?"]),
        ("server grass", ["How do I move a yard?"]),
        ("capacitor", ["서버가 자꾸 꺼져요"]),
        ("전원", ["서버가 자꾸 꺼져요"]),
        ("xylophone", []),
        ("constructor", []),
    ],
)
def test_the_search_finds_pages_by_words_and_syllables(page: Page, archive: Path, query: str, titles: list[str]):
    assert find(page, archive, query) == titles
    expect(page.locator("#archive-state")).to_have_text("" if titles else "찾은 글이 없어요.")


def test_a_hit_leads_to_its_page_and_the_box_on_it_to_the_search(page: Page, archive: Path):
    find(page, archive, "옮기는")
    page.get_by_role("link", name="나무를 옮기는 법").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("나무를 옮기는 법")
    page.get_by_role("searchbox").fill("yard")
    page.keyboard.press("Enter")
    expect(page.locator("#archive-hits h2")).to_have_text(["How do I move a yard?"])


def test_older_posts_are_searched_on_request(page: Page, archive: Path):
    script = archive / "static" / "search.js"
    script.write_text(script.read_text("utf-8").replace("ENOUGH = 30", "ENOUGH = 1"), "utf-8")
    assert find(page, archive, "server") == ["Server room"]
    page.get_by_role("button", name="더 오래된 글에서 찾기").click()
    expect(page.locator("#archive-hits h2")).to_have_text(["Server room", "How do I move a yard?"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_and_are_accessible(chromium: Browser, archive: Path, width: int, scheme: str):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for path in ("index.html", "p/0/1.html", "tags/1.html", "people/1.html", "b/2/1.html", "search.html"):
        page.goto((archive / path).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run()")["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path
    context.close()


def test_pages_are_read_without_a_script(chromium: Browser, archive: Path):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((archive / "index.html").as_uri())
    page.get_by_role("link", name="서버가 자꾸 꺼져요").click()
    expect(page.get_by_text("전원을 확인해")).to_be_visible()
    assert [path for path in archive.rglob("*.html") if "<script" in path.read_text("utf-8")] == [
        archive / "search.html"
    ]
    context.close()
