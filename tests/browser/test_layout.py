"""Columns, header, tabs and long content: each page has its place, and nothing loses its line."""

import pytest
from playwright.sync_api import Locator, Page, expect

from .browsing import BrowserPool
from .conftest import OpenPage

pytestmark = pytest.mark.browser

READER, ASKER, ADMIN = "noor", "namu", "jangmi"
READING, WIDE = 736, 928  # 46 and 58 rem
COLUMN = """() => {
  const box = document.querySelector("main").getBoundingClientRect();
  return [Math.round(box.left), Math.round(box.width)];
}"""


def _inside(inner: Locator, outer: Locator) -> bool:
    box, frame = inner.bounding_box(), outer.bounding_box()
    assert box and frame
    return box["x"] >= frame["x"] - 1 and box["x"] + box["width"] <= frame["x"] + frame["width"] + 1


class TestTheColumn:
    READING_PAGES = (
        *("/", "/questions", "/boards/album", "/posts/{question}", "/messages", "/messages/{conversation}"),
        *(
            "/todos",
            "/todos/done",
            "/settings",
            "/settings/account",
            "/notifications",
            "/drafts",
            "/jobs",
            "/search?q=x",
        ),
    )
    WIDE_PAGES = ("/tags", "/users", "/posts/new?board=talk", "/posts/{question}/edit")

    @pytest.mark.parametrize(
        ("width", "reading", "wide"),
        [(1280, READING, WIDE), (1600, READING, WIDE), (1100, READING, 856), (768, 736, 736)],
    )
    def test_has_one_of_two_widths_and_the_same_left_edge(
        self, browsers: BrowserPool, width: int, reading: int, wide: int
    ):
        """Whether or not a context stands beside it."""
        user = browsers.reuse_for(ASKER, width=width)
        seen = {}
        for path in self.READING_PAGES + self.WIDE_PAGES:
            user.visit(path.format(**browsers.site.places))
            seen[path] = user.page.evaluate(COLUMN)
        left = {position for position, _width in seen.values()}
        assert len(left) == 1, seen
        assert {path: seen[path][1] for path in self.READING_PAGES} == dict.fromkeys(self.READING_PAGES, reading)
        assert {path: seen[path][1] for path in self.WIDE_PAGES} == dict.fromkeys(self.WIDE_PAGES, wide)

    def test_is_filled_by_settings_and_to_dos(self, open_page: OpenPage):
        for path, part in (("/settings", ".settings"), ("/todos", "form.find"), ("/tools/word-counter", ".settings")):
            page = open_page(path, ASKER)
            box = page.locator(f"main {part}").first.bounding_box()
            assert box and round(box["width"]) == READING

    def test_of_administration_is_wide(self, open_page: OpenPage):
        assert open_page("/admin/users", ADMIN).evaluate(COLUMN)[1] == WIDE


NAMES = (
    "마당",
    "Madang",
    "우리 동네 양조 모임",
    "The Brewers of the Old Town",
    "양조장과빵집과텃밭을함께가꾸는사람들",
    "W" * 60,
)


@pytest.mark.parametrize("width", [320, 360, 390, 430, 599])
@pytest.mark.parametrize("who", [None, READER, "guest"])
def test_the_header_of_a_phone_shows_the_name_whole_or_not_at_all(browsers: BrowserPool, who: str | None, width: int):
    user = browsers.reuse_for(who, width=width)
    user.visit("/questions")
    for name in NAMES:
        user.page.locator(".mark span").evaluate("(place, name) => (place.textContent = name)", name)
        mark, text = user.page.locator(".mark").bounding_box(), user.page.locator(".mark span").bounding_box()
        assert mark and text
        is_whole = text["y"] < mark["y"] + mark["height"] / 2 and text["x"] + text["width"] <= mark["x"] + mark["width"]
        is_hidden = text["y"] >= mark["y"] + mark["height"] - 4
        assert is_whole or is_hidden, name
        assert user.page.evaluate("document.documentElement.scrollWidth") <= width
        expect(user.page.locator(".mark")).to_have_accessible_name(name)
        if width >= 360 and name == "마당":
            assert is_whole


class TestTabs:
    def fades(self, page: Page) -> tuple[bool, bool]:
        style = page.locator(".tabs").evaluate(
            "tabs => ['--before', '--after'].map((name) => getComputedStyle(tabs).getPropertyValue(name))"
        )
        return style[0] != "", style[1] != ""

    def test_fade_where_they_go_on(self, open_page: OpenPage):
        page = open_page("/settings", READER, width=360)
        tabs = page.locator(".tabs")
        expect(tabs).to_have_class("tabs more-after")
        assert self.fades(page) == (False, True)
        assert "linear-gradient" in tabs.evaluate("tabs => getComputedStyle(tabs).maskImage")
        tabs.evaluate("tabs => tabs.scrollTo(60, 0)")
        expect(tabs).to_have_class("tabs more-after more-before")
        tabs.evaluate("tabs => tabs.scrollTo(9999, 0)")
        expect(tabs).to_have_class("tabs more-before")
        assert self.fades(page) == (True, False)
        page.set_viewport_size({"width": 1280, "height": 900})
        expect(tabs).to_have_class("tabs")
        assert self.fades(page) == (False, False)

    def test_begin_at_the_current_one(self, open_page: OpenPage):
        page = open_page("/settings/leave", READER, width=360)
        expect(page.locator(".tabs")).to_have_class("tabs more-before")
        assert _inside(page.locator(".tabs [aria-current]"), page.locator(".tabs"))


FIELDS = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea, select"


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/posts/{question}", READER),
        ("/todos", ASKER),
        ("/messages/{conversation}", ASKER),
        ("/posts/new?board=talk", READER),
        ("/users", None),
        ("/auth/login", None),
        ("/admin/users", ADMIN),
        ("/admin/log", ADMIN),
        ("/settings", READER),
    ],
)
def test_fields_have_letters_that_no_phone_zooms_into(open_page: OpenPage, path: str, who: str | None):
    """The search of the header, comments, editors also in a monospaced font, and the small lists of filters."""
    page = open_page(path, who, width=360)
    page.evaluate("document.querySelectorAll('.editor').forEach((editor) => editor.classList.add('mono'))")
    sizes = page.locator(FIELDS).evaluate_all(
        "fields => fields.map((field) => [field.name, parseFloat(getComputedStyle(field).fontSize)])"
    )
    assert sizes
    assert [field for field in sizes if field[1] < 16] == []


@pytest.mark.parametrize("width", [360, 768, 1280])
class TestLongContent:
    """A table of 14 columns, a word of 691 letters, five tags of 30 letters."""

    def test_stays_in_its_column(self, browsers: BrowserPool, width: int):
        user = browsers.reuse_for(READER, width=width)
        for path in ("/posts/{long}", "/boards/qa?page=2", "/questions?page=2", "/tags", "/search?q=Donau"):
            user.visit(path.format(**browsers.site.places))
            assert user.page.evaluate("document.documentElement.scrollWidth") <= width
        user.visit("/posts/{long}".format(**browsers.site.places))
        text = user.page.locator(".post .text").first
        assert text.evaluate("text => text.scrollWidth <= text.clientWidth")
        table = text.locator(".table-scroll").nth(1)
        assert table.evaluate("box => getComputedStyle(box).overflowX") == "auto"
        word = table.locator("td").first.evaluate("cell => cell.getBoundingClientRect().height")
        assert word < 70, "words of a cell are not broken into letters"
        for tag in user.page.locator("main .post .tag").all():
            assert _inside(tag, user.page.locator("main"))

    def test_leaves_the_author_a_line_of_their_own(self, browsers: BrowserPool, width: int):
        """Also beside “edited” and the actions of moderators."""
        user = browsers.reuse_for("eunbyeol", width=width)
        for path in ("/posts/{edited}", "/posts/{long}"):
            user.visit(path.format(**browsers.site.places))
            for acts in user.page.locator(".post .acts:has(> .signed)").all():
                author = acts.locator("> .signed").bounding_box()
                others = [each.bounding_box() for each in acts.locator("> :not(.signed)").all()]
                assert author and all(other and other["y"] + other["height"] <= author["y"] for other in others)
                assert all(_inside(part, user.page.locator("main")) for part in acts.locator("> .signed > *").all())


FOCUS = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const isOfPage = document.querySelector("main").contains(document.activeElement);
  return { name: document.activeElement.outerHTML.slice(0, 80), top: box.top, bottom: box.bottom, isOfPage };
}"""


def test_votes_without_buttons_begin_where_the_text_does_on_a_phone(open_page: OpenPage):
    page = open_page("/posts/{question}", ASKER, width=360)
    post = page.locator("article.post").first
    score, text = post.locator(".vote b").first.bounding_box(), post.locator(".text").first.bounding_box()
    assert score and text and abs(score["x"] - text["x"]) < 1


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "end", ["<p>A paragraph.</p>", '<div class="table-scroll"><table><tr><td>1</td></tr></table></div>']
)
def test_tags_have_the_same_distance_from_every_text(open_page: OpenPage, width: int, end: str):
    post = open_page("/posts/{question}", ASKER, width=width).locator("article.post").first
    text, tags = post.locator(".text").first, post.locator(".text ~ .meta")
    text.evaluate("(text, end) => text.insertAdjacentHTML('beforeend', end)", end)
    last, first = text.locator("> *").last.bounding_box(), tags.bounding_box()
    assert last and first and round(first["y"] - last["y"] - last["height"]) == 16


def test_the_time_under_a_post_does_not_break(open_page: OpenPage):
    page = open_page("/posts/{question}", ASKER, width=360, locale="en")
    expect(page.locator(".signed").first).to_contain_text("Reputation: ")
    for time in page.locator(".signed time").all():
        assert time.evaluate("(time) => time.getClientRects().length") == 1


class TestTables:
    def test_hide_no_focus_under_the_top_bar(self, open_page: OpenPage):
        page = open_page("/admin/users", ADMIN)
        bar = page.locator("header.bar").bounding_box()
        page.locator("main").focus()
        for key in ("Tab", "Shift+Tab"):
            for _stop in range(60):
                page.keyboard.press(key)
                focus = page.evaluate(FOCUS)
                if not focus["isOfPage"]:
                    break
                assert bar and bar["height"] <= focus["top"] < focus["bottom"] <= 900, focus

    @pytest.mark.parametrize("script", [True, False])
    def test_are_a_stop_of_the_keyboard_only_to_be_scrolled(self, open_page: OpenPage, script: bool):
        page = open_page("/admin/users", ADMIN, script=script)
        box = page.locator(".table-box")
        expect(box).to_have_count(1)
        expect(page.locator(".table-box[tabindex]")).to_have_count(0 if script else 1)
        if script:
            page.set_viewport_size({"width": 640, "height": 900})
            expect(box).to_have_attribute("tabindex", "0")

    @pytest.mark.parametrize("path", ["/admin/log", "/admin/boards", "/admin/tags", "/admin/users"])
    @pytest.mark.parametrize("locale", ["ko", "en"])
    def test_on_a_phone_no_label_covers_the_next(self, open_page: OpenPage, path: str, locale: str):
        cells = open_page(path, ADMIN, width=360, locale=locale).locator("td[data-label]")
        heights = cells.evaluate_all(
            """(cells) => cells.map((cell) => {
              const label = getComputedStyle(cell, "::before");
              const room = parseFloat(getComputedStyle(cell).height) - 8;
              return [cell.dataset.label, parseFloat(label.height), room];
            })"""
        )
        assert heights and all(label <= room + 1 for _name, label, room in heights), heights
