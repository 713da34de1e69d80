"""The frame and its components, in every page of the gallery."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from frontend import build as frontend
from frontend.gallery.content import VISITOR
from frontend.gallery.pages import PAGES, render

from .conftest import leave_out

AXE = frontend.ROOT / "node_modules" / "axe-core" / "axe.min.js"
VNU = frontend.ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
VISITORS = ["list", "error"]


@pytest.mark.parametrize("name", PAGES)
class TestEveryPage:
    def test_has_no_inline_style_script_or_handler(self, built, name):
        html = render(name)
        assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
        assert re.findall(r"<script[^>]*>", html) == [
            f'<script nonce="nonce" src="/static/dist/{built["madang.js"]}" defer>'
        ]

    def test_says_everything_in_the_reader_s_language(self, built, name):
        frame = re.sub(r"<main.*?</main>|<aside.*?</aside>", "", render(name, locale="ko"), flags=re.S)
        words = set(re.findall(r">([A-Za-z][a-z]+(?: [a-z]+)*)<", frame))
        assert words <= {"English", "Ctrl", "Enter", "flask", "postgresql", "eunbyeol", "h", "g", "j", "k", "n"}

    @pytest.mark.browser
    def test_obeys_the_policy_and_fits_a_phone(self, page, name):
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"/ko/light/{name}")
        expect(page.locator(".theme").last).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.complaints == []

    @pytest.mark.browser
    @pytest.mark.parametrize("look", ["ko/light", "en/dark"])
    def test_has_nothing_for_axe_to_say(self, page, name, look):
        page.goto(f"/{look}/{name}")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []


def test_pages_are_valid_html(built, tmp_path: Path):
    if not shutil.which("java"):
        leave_out("Install Java for the HTML validator: apt-get install default-jre-headless")
    files = []
    for name in PAGES:
        files.append(tmp_path / f"{name}.html")
        files[-1].write_text(render(name), encoding="utf-8")
    checked = subprocess.run(
        ["java", "-jar", VNU, "--errors-only", *files], capture_output=True, text=True, check=False
    )
    assert checked.stderr == ""


@pytest.mark.parametrize("name", VISITORS)
def test_a_visitor_s_page_holds_no_token(built, name):
    html = render(name, actor=None if name == "list" else VISITOR)
    assert "csrf" not in html


def test_a_member_s_page_holds_the_token(built):
    assert '<meta name="csrf-token" content="a-token">' in render("question")


def test_the_server_prints_the_chosen_theme_or_none(built):
    assert '<html lang="ko" data-theme="dark">' in render("list", theme="dark")
    assert '<html lang="ko">' in render("list", theme=None)


def test_messages_and_bell_appear_only_where_there_are_some(built):
    assert "/notifications" not in render("question")
    assert "/notifications" in render("question", unread={"messages": 2, "notifications": 0})
