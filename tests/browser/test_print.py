"""A page of a post on paper: who wrote what and when, whole, and nothing that can only be pressed or filled in."""

import pytest
from playwright.sync_api import Page

from .browsing import BrowserPool
from .conftest import OpenPage

pytestmark = pytest.mark.browser

WRITER = "dalbit"
CODE = "\n".join(f"y = {number}  # {'긴 줄 ' * 40}" for number in range(80))
CELLS = " | ".join(f"아주_긴_낱말이_있는_칸_{number}" for number in range(12))
BODY = f"""https://example.org/shown 와 [책](https://example.org/book), [이곳](/tags).

| {CELLS} |
|{"---|" * 12}
| {CELLS} |

```
{CODE}
```

<details><summary>더 보기</summary>

접힌 말

</details>
"""
SHOWN = "elements => elements.filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 120))"


@pytest.fixture(scope="module")
def path(browsers: BrowserPool) -> str:
    """The address of a text with links, a wide table, long code and a part that is folded."""
    return browsers.publish(WRITER, "talk", "인쇄할 글", BODY)


def _on_paper(page: Page) -> Page:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    return page


@pytest.mark.parametrize("who", [None, "namu", "jangmi"])
@pytest.mark.parametrize("place", ["/posts/{question}", "/posts/{talkative}", "/posts/{poll}", "/boards/qa"])
def test_nothing_is_printed_that_can_only_be_used_on_a_screen(open_page: OpenPage, who: str | None, place: str):
    page = _on_paper(open_page(place, who))
    for name in (
        "nav, header.bar, footer, aside",
        "main button, main textarea, main summary.btn",
        ".btn:not(:has(time))",
    ):
        assert page.locator(name).evaluate_all(SHOWN) == [], name


@pytest.mark.parametrize("who", [None, "namu"])
def test_authors_and_exact_dates_are_printed(open_page: OpenPage, who: str | None):
    page = _on_paper(open_page("/posts/{question}", who))
    posts, comments = page.locator(".post").count(), page.locator(".comment").count()
    assert posts > 1 and comments > 1
    assert len(page.locator(".post .signed .name").evaluate_all(SHOWN)) == posts
    assert len(page.locator(".post .signed time").evaluate_all(SHOWN)) == posts
    assert len(page.locator(".comment .by").evaluate_all(SHOWN)) == comments
    assert len(page.locator(".comment .acts time").evaluate_all(SHOWN)) == comments
    sizes = "times => times.map(time => [getComputedStyle(time).fontSize, getComputedStyle(time, '::after').content])"
    for size, content in page.locator(".post time").evaluate_all(sizes):
        assert size == "0px" and "20" in content, "the exact date instead of a relative one"


def test_tables_code_and_folded_parts_are_printed_whole(open_page: OpenPage, path: str):
    page = _on_paper(open_page(path))
    for name in (".text pre", ".text .table-scroll"):
        box = page.locator(name).first
        assert box.evaluate("box => getComputedStyle(box).overflow") == "visible"
        assert box.evaluate("box => box.scrollHeight <= box.clientHeight + 1")
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth + 1")
    assert page.get_by_text("접힌 말").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 720


def test_links_have_their_addresses_after_them_unless_they_show_them(open_page: OpenPage, path: str):
    page = _on_paper(open_page(path))
    after = "links => links.map(link => getComputedStyle(link, '::after').content)"
    shown, book, here = page.locator(".text a").evaluate_all(after)
    assert (shown, "https://example.org/book" in book, here) == ("none", True, "none")


def test_a_page_is_a_document_of_a_few_sheets(open_page: OpenPage, path: str):
    page = open_page(path, theme="dark")
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)", "print is always light"
