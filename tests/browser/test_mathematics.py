"""Formulas on a page and in the editor's preview, and how wide ones scroll."""

import pytest
from playwright.sync_api import Page, expect

from tests.core.markdown.test_formulas import ATTACKS

from .browsing import BrowserPool
from .conftest import OpenPage
from .content import ADMIN
from .test_every_page import violations
from .words import ko

pytestmark = pytest.mark.browser

WRITER = "dalbit"
WIDE = " + ".join(f"a_{{{number}}} x^{{{number}}}" for number in range(40))
BODY = f"식 $x^2$과 긴 식 ${WIDE}$ 그리고\n\n$$\n{WIDE}\n$$\n\n값은 $5와 $6입니다."
BOXES = "boxes => boxes.map(box => box.scrollWidth > box.clientWidth)"


@pytest.fixture(scope="module")
def path(browsers: BrowserPool) -> str:
    """The address of a text with formulas, on a board that uses mathematics."""
    with browsers.open_for(ADMIN) as user:
        made = {"name_ko": "수학", "slug": "sums", "kind": "talk", "uses_math": "y", "confirmed": "1"}
        user.fetch("/admin/boards/add", made)
    return browsers.publish(WRITER, "sums", "수식이 있는 글", BODY)


@pytest.mark.parametrize("look", [{"width": 360, "theme": "light"}, {"width": 1280, "theme": "dark"}])
@pytest.mark.parametrize("script", [True, False])
def test_wide_formulas_scroll_by_themselves(browsers: BrowserPool, path: str, look: dict, script: bool):
    with browsers.open_for(locale="ko", script=script, **look) as user:
        user.visit(path)
        assert user.page.evaluate("document.documentElement.scrollWidth") <= look["width"]
        assert user.page.locator(".text .formula-scroll").evaluate_all(BOXES) == [True, True]
        assert user.page.locator(".text math").count() == 3
        if script:
            assert violations(user) == []


def test_a_wide_formula_is_scrolled_by_keyboard(open_page: OpenPage, path: str):
    page = open_page(path, width=360)
    box = page.locator(".formula-scroll").last
    box.focus()
    page.keyboard.press("ArrowRight")
    expect(box).not_to_have_js_property("scrollLeft", 0)


def test_small_formulas_stand_in_their_line(open_page: OpenPage, path: str):
    page = open_page(path)
    formula, text = page.locator(".text math").first.bounding_box(), page.locator(".text p").first.bounding_box()
    assert formula and text
    assert text["y"] <= formula["y"] and formula["y"] + formula["height"] < text["y"] + 45


def test_the_preview_shows_formulas_for_the_chosen_board(open_page: OpenPage, path: str):
    page: Page = open_page("/posts/new?board=sums", WRITER)
    preview, tab = page.locator(".preview"), page.get_by_role("tab", name=ko("Preview"))
    page.locator("#body").fill("식 $x^2$ 하나")
    tab.click()
    expect(preview.locator("math")).to_have_count(1)
    page.get_by_role("tab", name=ko("Write", context="editor tab")).click()
    page.locator("#board").select_option("talk")
    tab.click()
    expect(preview).to_have_text("식 $x^2$ 하나")
    expect(preview.locator("math")).to_have_count(0)


def test_the_form_of_a_board_is_accessible(browsers: BrowserPool, path: str):
    with browsers.open_for(ADMIN) as user:
        user.visit("/admin/boards/add")
        assert user.page.locator("#uses_math").count() == 1
        assert violations(user) == []


def test_the_browser_makes_nothing_else_of_hostile_formulas(browsers: BrowserPool, path: str):
    """Its own parser might read MathML in another way than the sanitizer."""
    body = "\n\n".join(f"a ${tex}$ b $${tex}$$ c" for tex in ATTACKS)
    with browsers.open_for(WRITER) as user:
        user.fetch("/posts/new", {"board": "sums", "title": "나쁜 수식", "body": body})
        user.visit("/boards/sums")
        user.page.get_by_role("link", name="나쁜 수식").first.click()
        user.page.wait_for_url("**/posts/*/*")
        assert user.page.locator(".text math").count() > len(ATTACKS)
        names = "elements => [...new Set(elements.flatMap(each => each.getAttributeNames()))].sort()"
        assert user.page.locator(".text :not(math *)").evaluate_all(names) == [
            "alttext",
            "class",
            "display",
            "tabindex",
        ]
        inside = user.page.locator(".text math *")
        assert not {"href", "style", "id", "src"} & set(inside.evaluate_all(names))
        mathml = "elements => elements.every(each => each.namespaceURI.endsWith('MathML'))"
        assert inside.evaluate_all(mathml)
        assert user.errors == []
