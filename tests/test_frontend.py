"""The frame, its components and its script, in the gallery's pages and a real Chromium."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from frontend import build as frontend
from frontend.gallery.content import VISITOR
from frontend.gallery.pages import PAGES, manifest, render
from frontend.gallery.server import GalleryServer

CHROMIUM = os.environ.get("MADANG_TEST_BROWSER")
REQUIRED = os.environ.get("MADANG_REQUIRE_ALL") == "1"
DIST = frontend.MANIFEST.parent
AXE = frontend.ROOT / "node_modules" / "axe-core" / "axe.min.js"
VNU = frontend.ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
TEMPLATES = frontend.ROOT / "madang" / "templates"
VISITORS = ["list", "error"]


def leave_out(reason: str) -> None:
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def built() -> dict[str, str]:
    try:
        frontend.build(dev=True)
    except frontend.BuildError as error:
        leave_out(str(error))
    return manifest()


@pytest.fixture(scope="module")
def server(built):
    server = GalleryServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM:
        leave_out("Set MADANG_TEST_BROWSER to a Chromium, for example /usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, server):
    context = chromium.new_context(base_url=server.url, viewport={"width": 1280, "height": 900})
    server.posts.clear()
    page = context.new_page()
    page.complaints = complaints_of(page)
    yield page
    context.close()


def complaints_of(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    return complaints


class TestTheBundle:
    def test_is_one_stylesheet_one_script_and_one_sprite(self, built):
        assert sorted(built) == ["icons.svg", "madang.css", "madang.js"]
        assert sorted(path.name for path in DIST.iterdir()) == sorted([*built.values(), "manifest.json"])

    def test_names_each_file_by_its_content(self, built):
        for name in built.values():
            assert hashlib.sha256((DIST / name).read_bytes()).hexdigest().startswith(re.search(r"-(\w+)\.", name)[1])

    def test_keeps_the_stylesheet_small(self, built):
        css = (DIST / built["madang.css"]).read_bytes()
        assert len(css) <= 45_000
        assert len(gzip.compress(css, 9)) <= 12_000

    def test_asks_no_other_address_for_anything(self, built):
        css = (DIST / built["madang.css"]).read_text(encoding="utf-8")
        assert "url(" not in css
        assert "@import" not in css

    def test_is_not_built_again_while_nothing_has_changed(self, built):
        assert frontend.build() is False

    def test_is_built_again_when_a_source_is_newer(self, built, monkeypatch, tmp_path: Path):
        old = tmp_path / "manifest.json"
        old.write_text("{}", encoding="utf-8")
        os.utime(old, (0, 0))
        monkeypatch.setattr(frontend, "MANIFEST", old)
        assert not frontend.is_fresh()

    def test_has_every_icon_that_a_template_names(self):
        listed = set((frontend.ROOT / "frontend" / "icons.txt").read_text(encoding="utf-8").split())
        texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
        named = {name for text in texts for name in re.findall(r'\bicon\("([\w-]+)"', text)}
        assert named <= listed | {"chevron-"}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    pairs = [d * 2 for d in digits] if len(digits) == 3 else [digits[i : i + 2] for i in (0, 2, 4)]
    parts = [int(pair, 16) / 255 for pair in pairs]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, section 1.4.3."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def tokens(theme: str) -> dict[str, str]:
    source = (frontend.ROOT / "frontend" / "css" / "_tokens.scss").read_text(encoding="utf-8")
    dark, light = source.split(":root {", 1)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark if theme == "dark" else light))


PAIRS = [(ink, paper) for ink in ("ink", "ink-2", "ink-3") for paper in ("paper", "sheet", "sunk")] + [
    *[("accent", paper) for paper in ("paper", "sheet", "accent-soft")],
    *[("danger", paper) for paper in ("paper", "sheet", "danger-soft")],
    *[(f"hl-{name}", "code") for name in ("keyword", "string", "number", "name", "comment", "error")],
    *[("ink", paper) for paper in ("added-strong", "removed-strong", "mark")],
    *[("ink", paper) for paper in ("accent-soft", "warm-soft", "danger-soft")],
    *[("ink-2", paper) for paper in ("added", "removed")],
    ("accent-ink", "accent"), ("accent-ink", "accent-strong"), ("danger-ink", "danger"),
    ("warm", "warm-soft"), ("paper", "ink"),
]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
class TestTheColours:
    @pytest.mark.parametrize(("ink", "paper"), PAIRS)
    def test_can_be_read(self, theme, ink, paper):
        assert contrast(tokens(theme)[ink], tokens(theme)[paper]) >= 4.5

    @pytest.mark.parametrize("paper", ["paper", "sheet"])
    def test_show_the_edge_of_a_control(self, theme, paper):
        assert contrast(tokens(theme)["edge"], tokens(theme)[paper]) >= 3


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


@pytest.mark.browser
class TestWithoutAScript:
    @pytest.fixture
    def plain(self, chromium, server):
        phone = {"width": 360, "height": 740}
        context = chromium.new_context(base_url=server.url, java_script_enabled=False, viewport=phone)
        yield context.new_page()
        context.close()

    def test_the_hamburger_opens(self, plain):
        plain.goto("/ko/light/question")
        plain.locator(".burger > summary").click()
        expect(plain.locator(".drawer").get_by_role("link", name="자유 마당")).to_be_visible()

    def test_the_search_box_opens_by_touch(self, plain):
        plain.goto("/ko/light/list")
        plain.locator("#q").click()
        assert plain.locator("#q").bounding_box()["width"] > 300

    def test_a_vote_is_a_form_that_is_sent(self, plain, server):
        plain.goto("/ko/light/question")
        server.posts.clear()
        plain.locator("#vote-7-up").click()
        assert server.posts[0]["path"] == "/posts/7/votes"
        assert "value=1" in server.posts[0]["body"]
        assert "csrf_token=a-token" in server.posts[0]["body"]

    def test_no_control_is_shown_that_needs_one(self, plain):
        plain.goto("/ko/light/question")
        expect(plain.locator(".editor-bar")).to_be_hidden()
        expect(plain.locator(".foot .theme")).to_be_hidden()


@pytest.mark.browser
class TestTheTheme:
    def test_is_kept_in_a_cookie(self, page):
        page.goto("/ko/system/list")
        page.locator(".foot [data-theme-set=dark]").click()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "theme"] == ["dark"]

    def test_as_the_system_takes_the_cookie_away(self, page):
        page.goto("/ko/dark/list")
        page.locator('.foot [data-theme-set=""]').click()
        assert page.evaluate("'theme' in document.documentElement.dataset") is False
        assert page.context.cookies() == []

    def test_is_light_on_paper(self, page):
        page.goto("/ko/dark/list")
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

    def test_follows_the_system_where_nothing_was_chosen(self, page):
        page.emulate_media(color_scheme="dark")
        page.goto("/ko/system/list")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(24, 23, 20)"


@pytest.mark.browser
class TestVoting:
    def test_happens_in_place_and_keeps_the_focus(self, page):
        page.goto("/ko/light/question")
        page.locator("#vote-7-up").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#vote-7-up")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#answer-7 .vote b").first).to_have_text("12")
        expect(page.locator("#vote-7-up")).to_be_focused()

    def test_sends_the_token(self, page, server):
        page.goto("/ko/light/question")
        page.locator("#vote-7-up").click()
        expect(page.locator("#vote-7-up")).to_have_attribute("aria-pressed", "true")
        assert server.posts[0]["headers"]["X-CSRFToken"] == "a-token"

    def test_shows_the_server_s_sentence_when_it_is_refused(self, page):
        page.goto("/ko/light/question")
        page.locator("#vote-8-up").click()
        expect(page.locator(".toast")).to_contain_text("The question is closed.")
        expect(page.locator("#answer-8 .vote b").first).to_have_text("2")

    def test_says_so_when_there_is_no_connection(self, page):
        page.goto("/ko/light/question")
        page.context.set_offline(True)
        page.locator("#vote-7-up").click()
        expect(page.locator(".toast")).to_contain_text("인터넷에 연결되어 있지 않아요")


@pytest.mark.browser
class TestTheCardOverAName:
    def test_opens_under_the_pointer_and_lets_it_in(self, page):
        page.goto("/ko/light/question")
        page.locator("#answer-7 .signed .name").hover()
        card = page.locator(".card-pop")
        expect(card).to_contain_text("산책")
        card.hover()
        expect(card).to_be_visible()

    def test_closes_by_escape(self, page):
        page.goto("/ko/light/question")
        page.locator("#answer-7 .signed .name").hover()
        expect(page.locator(".card-pop")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".card-pop")).to_have_count(0)

    def test_opens_by_keyboard_and_gives_the_focus_back(self, page):
        page.goto("/ko/light/question")
        name = page.locator("#answer-7 .signed .name")
        name.focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".card-pop a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(name).to_be_focused()

    def test_stays_inside_a_phone(self, page):
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto("/ko/light/list")
        page.locator(".row .who a").nth(3).hover()
        box = page.locator(".card-pop").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


@pytest.mark.browser
class TestTheEditor:
    @pytest.fixture
    def area(self, page):
        page.clock.install()
        page.goto("/ko/light/write")
        return page.locator("#body")

    def test_makes_the_selection_bold_and_takes_it_back(self, page, area):
        area.fill("마당")
        area.select_text()
        page.locator("[data-tool=bold]").click()
        expect(area).to_have_value("**마당**")
        page.locator("[data-tool=bold]").click()
        expect(area).to_have_value("마당")

    def test_makes_a_list_of_the_chosen_lines(self, page, area):
        area.fill("하나\n둘")
        area.select_text()
        page.locator("[data-tool=list]").click()
        expect(area).to_have_value("- 하나\n- 둘")

    def test_fences_several_lines_of_code(self, page, area):
        area.fill("a = 1\nb = 2")
        area.select_text()
        page.locator("[data-tool=code]").click()
        expect(area).to_have_value("\n```\na = 1\nb = 2\n```\n")

    def test_makes_a_link_of_an_address(self, page, area):
        area.fill("https://example.org/a")
        area.select_text()
        page.locator("[data-tool=link]").click()
        expect(area).to_have_value("[글](https://example.org/a)")

    def test_shows_the_server_s_preview(self, page, area):
        area.fill("안녕")
        page.get_by_role("tab", name="미리 보기").click()
        expect(page.locator(".preview strong")).to_have_text("안녕")
        expect(area).to_be_hidden()

    def test_completes_a_name(self, page, area):
        area.press_sequentially("안녕 @nam")
        page.clock.run_for(200)
        expect(page.get_by_role("option")).to_have_count(2)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(area).to_have_value("안녕 @namsan ")

    def test_shows_the_names_under_the_caret(self, page, area):
        area.press_sequentially("하나\n둘 @nam")
        page.clock.run_for(200)
        shown, field = page.get_by_role("listbox").bounding_box(), area.bounding_box()
        assert 40 < shown["y"] - field["y"] < 110

    def test_does_not_take_an_address_for_a_name(self, page, area):
        area.press_sequentially("me@nam")
        page.clock.run_for(200)
        expect(page.get_by_role("option")).to_have_count(0)

    def test_completes_a_tag_after_the_last_comma(self, page, area):
        tags = page.locator("#tags")
        tags.press_sequentially("nginx, fl")
        page.clock.run_for(200)
        expect(tags).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Enter")
        expect(tags).to_have_value("nginx, flask, ")

    def test_puts_a_picture_where_the_caret_stood(self, page, area):
        area.fill("앞뒤")
        page.evaluate("document.querySelector('#body').setSelectionRange(1, 1)")
        page.locator("input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"png"})
        expect(area).to_have_value("앞![a](/files/1)뒤")

    def test_keeps_a_draft_after_a_quiet_moment(self, page, area, server):
        area.fill("아직 쓰는 중")
        page.clock.run_for(3000)
        expect(page.locator("[data-state]")).to_have_text("초안을 저장했어요")
        (draft,) = [post for post in server.posts if post["path"] == "/posts/drafts"]
        assert "key=question" in draft["body"]
        assert "csrf_token" not in draft["body"]

    def test_keeps_no_draft_of_what_was_not_touched(self, page, area, server):
        page.clock.run_for(10_000)
        assert server.posts == []

    def test_is_sent_by_control_and_enter(self, page, area):
        area.fill("다 썼다")
        area.press("Control+Enter")
        expect(page).to_have_title("Posted")

    def test_asks_for_similar_questions_while_the_title_is_typed(self, page, area):
        page.locator("#title").press_sequentially("nginx 502")
        page.clock.run_for(500)
        expect(page.locator(".similar")).to_have_text("nginx 502")


@pytest.mark.browser
class TestForms:
    def test_are_sent_once(self, page):
        page.goto("/ko/light/settings")
        prevented = page.evaluate(
            "() => { const prevented = []; const form = document.querySelector('form.middle');"
            " addEventListener('submit', (event) => {"
            " prevented.push(event.defaultPrevented); event.preventDefault(); });"
            " form.requestSubmit(); form.requestSubmit(); return prevented; }"
        )
        assert prevented == [False, True]
        expect(page.locator("form.middle button").first).to_be_disabled()

    def test_warn_before_what_was_typed_is_lost(self, page):
        page.goto("/ko/light/settings")
        page.locator("#display_name").fill("별")
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto("/ko/light/list")
        assert asked == ["beforeunload"]

    def test_ask_before_what_cannot_be_undone(self, page, server):
        page.goto("/ko/light/question")
        page.locator("#post-12 > div > .acts").get_by_role("link", name="지우기").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("이 질문을 지울까요?")
        dialog.get_by_role("button", name="그만두기").click()
        assert server.posts == []

    def test_do_it_when_the_answer_is_yes(self, page, server):
        page.goto("/ko/light/question")
        page.locator("#post-12 > div > .acts").get_by_role("link", name="지우기").click()
        page.get_by_role("dialog").get_by_role("button", name="지우기").click()
        expect(page).to_have_title("Posted")
        assert server.posts[-1]["path"] == "/posts/12/delete"
        assert server.posts[-1]["body"] == "csrf_token=a-token"

    def test_show_a_password_on_demand(self, page):
        page.goto("/ko/light/login")
        page.get_by_role("button", name="비밀번호 보기").click()
        expect(page.locator("#password")).to_have_attribute("type", "text")


@pytest.mark.browser
class TestTheKeyboard:
    def test_walks_the_rows(self, page):
        page.goto("/ko/light/list")
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator("[data-row]").nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(page.locator("[data-row]").first).to_be_focused()

    def test_finds_the_search_box(self, page):
        page.goto("/ko/light/list")
        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()
        expect(page.locator("#q")).to_have_value("")

    def test_shows_its_help_and_can_be_turned_off(self, page):
        page.goto("/ko/light/list")
        page.keyboard.press("?")
        page.get_by_role("dialog").get_by_role("checkbox").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        expect(page.locator("#q")).not_to_be_focused()

    def test_closes_a_menu_and_returns_to_its_button(self, page):
        page.goto("/ko/light/question")
        page.locator(".tools .menu > summary").click()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".tools .menu-list a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".tools .menu > summary")).to_be_focused()
        expect(page.locator(".tools .menu-list")).to_be_hidden()

    def test_skips_to_the_text(self, page):
        page.goto("/ko/light/list")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


@pytest.mark.browser
def test_share_copies_the_address(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/ko/light/question")
    page.locator("#answer-7 [data-copy]").click()
    expect(page.locator(".toast")).to_contain_text("링크를 복사했어요")
    assert page.evaluate("navigator.clipboard.readText()").endswith("/ko/light/question#answer-7")


@pytest.mark.browser
def test_times_stay_true_while_the_page_is_open(page):
    page.clock.install(time="2026-03-02T09:30:00Z")
    page.goto("/ko/light/question")
    moment = page.locator("#post-12 .signed time")
    expect(moment).to_have_text("12분 전")
    page.clock.run_for(3 * 60_000)
    expect(moment).to_have_text("15분 전")
