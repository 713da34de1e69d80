"""Every page in every state: accessible by axe, valid HTML, no horizontal scrolling, no requests to other hosts."""

import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from frontend.build import ROOT
from tests.conftest import skip_missing

from .browsing import BrowserPool, UserBrowser
from .cases import CASES, Case
from .content import GUEST, MEMBER, MODERATOR
from .serving import Site

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
HTML_PARTS = 3  # each in a time that a person waits for
VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
NOT_PAGES = {
    *("static", "files.file", "jobs.download"),  # files
    *("health.health", "health.ready_health", "metrics.health"),  # for monitors
    *("feeds.newest", "feeds.board", "feeds.tag", "feeds.user", "feeds.manifest", "feeds.robots"),  # for machines
    *("feeds.search_description", "feeds.site_map", "feeds.map_of_places", "feeds.map_of_posts"),
    *("feeds.favicon", "feeds.touch_icon", "feeds.change_password"),  # for programs, and leads elsewhere
    *("comments.show", "posts.question", "writing.answers", "settings.language"),  # lead elsewhere
    *(
        "people.card",
        "people.complete",
        "tags.complete",
        "closing.matches",
        "search.similar",
        "search.similar_to_question",
    ),  # pieces
    *("messages.newer", "notifications.recent"),  # pieces too
    *("messages.find", "notifications.show"),  # lead elsewhere
    "live.events",  # for scripts
    "api_pages.openapi",  # for machines
    "api_pages.swagger_ui",  # tests/browser/test_swagger.py
    "jobs.row",  # a piece
    "comments.all_of_post",  # a piece
    "admin.setup",  # tests/browser/test_first_start.py
}

pytestmark = pytest.mark.browser


def violations(user: UserBrowser, rules: list[str] | None = None) -> list[str]:
    """The violations that axe finds on the page (by `rules`, or by all), and the errors of the browser."""
    user.page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], **({"runOnly": {"type": "rule", "values": rules}} if rules else {})}
    results = user.page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    broken = [f"{rule['id']}: {node['html'][:200]}" for rule in results for node in rule["nodes"]]
    return broken + user.errors


def open_folded(user: UserBrowser) -> bool:
    """Open every form and text that is folded on the page; menus are another test. Returns whether there are any."""
    return user.page.evaluate(
        "[...document.querySelectorAll('details:not([data-menu], [open])')].map((part) => (part.open = true)).length"
    )


CONTRAST = ["color-contrast", "link-in-text-block"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
class TestEveryPage:
    def test_on_a_phone_in_korean_and_light(self, browsers: BrowserPool, case: Case):
        user = browsers.reuse_for(case.who, locale="ko", theme="light", width=360)
        assert user.visit(case.path(browsers.site), case.sent) == case.status
        assert violations(user) == []
        if open_folded(user):
            assert violations(user) == []
        assert user.page.evaluate("document.documentElement.scrollWidth") <= 360

    def test_on_a_desktop_in_english_and_dark(self, browsers: BrowserPool, case: Case):
        """The markup is the same as on a phone; only contrast and layout can differ."""
        user = browsers.reuse_for(case.who, locale="en", theme="dark", width=1280)
        assert user.visit(case.path(browsers.site), case.sent) == case.status
        open_folded(user)
        assert violations(user, CONTRAST) == []
        assert user.page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize(("theme", "width"), [("light", 360), ("dark", 360), ("light", 1280), ("dark", 1280)])
@pytest.mark.parametrize("who", [None, GUEST, MEMBER, MODERATOR])
def test_opened_menus_have_contrast(browsers: BrowserPool, who: str | None, theme: str, width: int):
    """One at a time, because one would cover another."""
    user = browsers.reuse_for(who, locale="ko", theme=theme, width=width)
    user.visit("/posts/{question}".format(**browsers.site.places))
    menus = [menu for menu in user.page.locator("details[data-menu] > summary").all() if menu.is_visible()]
    for menu in menus[:5]:
        menu.click()
        assert violations(user, CONTRAST) == []
        user.page.keyboard.press("Escape")


@pytest.mark.parametrize("part", range(HTML_PARTS))
def test_pages_are_valid_html(browsers: BrowserPool, tmp_path: Path, part: int):
    if not shutil.which("java"):
        skip_missing("Install Java for the HTML checker: apt-get install default-jre-headless")
    files = []
    for case in CASES[part::HTML_PARTS]:
        files.append(tmp_path / f"{case.name}.html")
        user = browsers.reuse_for(case.who, locale="ko", theme="light", width=360)
        files[-1].write_text(user.fetch(case.path(browsers.site), case.sent), encoding="utf-8")
    checked = subprocess.run(
        ["java", "-jar", VNU, "--errors-only", *files], capture_output=True, text=True, check=False
    )
    assert checked.stderr == ""


def test_the_cases_include_every_page(whole_app: Flask, site: Site):
    addresses = whole_app.url_map.bind("localhost")
    seen = set()
    for case in CASES:
        if case.sent is None:
            path, _mark, query = case.path(site).partition("?")
            try:
                seen.add(addresses.match(path, query_args=query)[0])
            except (RequestRedirect, HTTPException):
                continue
    rules = [rule for rule in whole_app.url_map.iter_rules() if not rule.rule.startswith("/api/")]
    pages = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    assert pages - seen - set(NOT_PAGES) == set()
