"""The pictures of a text in full size."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .browsing import BrowserPool, token_of
from .conftest import OpenPage

pytestmark = pytest.mark.browser

WRITER = "dalbit"


@pytest.fixture(scope="module")
def path(browsers: BrowserPool) -> str:
    """The address of a text with two pictures, and one that is a link to another page."""
    with browsers.open_for(WRITER) as user:
        token = token_of(user.context.request.get("/posts/new").text())
        urls = []
        for colour in ("#8a5100", "#1c6e52", "#285a8f"):
            stream = BytesIO()
            Image.new("RGB", (1600, 900), colour).save(stream, "PNG")
            file = {"name": "a.png", "mimeType": "image/png", "buffer": stream.getvalue()}
            sent = user.context.request.post("/files", multipart={"csrf_token": token, "file": file})
            urls.append(sent.json()["url"])
        body = f"![나무 한 그루]({urls[0]})\n\n![]({urls[1]})\n\n[![다른 곳]({urls[2]})](/tags)"
        fields = {"csrf_token": token, "board": "talk", "title": "사진이 있는 글", "body": body}
        return user.context.request.post("/posts/new", form=fields).url


@pytest.fixture
def page(open_page: OpenPage, path: str) -> Page:
    return open_page(path)


def test_a_picture_opens_with_its_caption_and_arrows_lead_to_the_others(page: Page):
    dialog = page.locator("#lightbox")
    links = page.locator(".text a.zoom")
    expect(links).to_have_count(2)
    links.first.click()
    expect(dialog.locator("img")).to_have_attribute("src", links.first.evaluate("(link) => link.href"))
    expect(dialog.locator("figcaption")).to_have_text("나무 한 그루")
    assert dialog.locator("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1600
    page.keyboard.press("ArrowRight")
    expect(dialog.locator("img")).to_have_attribute("src", links.nth(1).evaluate("(link) => link.href"))
    expect(dialog.locator("figcaption")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(dialog.locator("img")).to_have_attribute("src", links.nth(1).evaluate("(link) => link.href"))
    dialog.locator("[data-step='-1']").click()
    expect(dialog.locator("figcaption")).to_have_text("나무 한 그루")


def _text_of(user, *sizes: tuple[int, int], title: str) -> str:
    """The address of a new text with a picture of each size."""
    token = token_of(user.context.request.get("/posts/new").text())
    urls = []
    for number, size in enumerate(sizes):
        stream = BytesIO()
        Image.new("RGB", size, (200, 40 * number, len(title))).save(stream, "PNG")
        file = {"name": "a.png", "mimeType": "image/png", "buffer": stream.getvalue()}
        urls.append(user.context.request.post("/files", multipart={"csrf_token": token, "file": file}).json()["url"])
    body = "\n\n".join(f"![]({url})" for url in urls)
    fields = {"csrf_token": token, "board": "qa", "title": title, "body": body, "tags": ""}
    return user.context.request.post("/posts/new", form=fields).url


@pytest.mark.parametrize("width", [1280, 390])
def test_a_tall_picture_is_scrolled_in_its_own_width(browsers: BrowserPool, open_page: OpenPage, width: int):
    with browsers.open_for(WRITER) as user:
        path = _text_of(user, (300, 6000), (800, 600), title=f"긴 그림 {width}")
    page = open_page(path, width=width)
    page.locator(".text a.zoom").first.click()
    dialog = page.locator("#lightbox")
    expect(dialog.locator("img")).to_have_class("tall")
    box = dialog.locator("img").bounding_box()
    assert (box["width"], box["height"]) == (300, 6000)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    dialog.evaluate("(dialog) => dialog.scrollTo(0, 3000)")
    expect(dialog.locator("[data-step='0']")).to_be_in_viewport()
    page.keyboard.press("ArrowRight")
    expect(dialog.locator("img")).not_to_have_class("tall")
    assert dialog.evaluate("(dialog) => dialog.scrollTop") == 0


def test_arrows_lead_on_to_the_pictures_of_an_answer(browsers: BrowserPool, open_page: OpenPage):
    with browsers.open_for(WRITER) as user:
        path = _text_of(user, (320, 240), title="질문에도 답변에도 그림")
        token = token_of(user.context.request.get(path).text())
        picture = re.search(r'src="(/files/[^"]+)"', user.context.request.get(path).text())[1]
        number = re.search(r"/posts/(\d+)", path)[1]
        body = f"답변에도 있어요.\n\n![답변의 그림]({picture})"
        user.context.request.post(f"/posts/{number}/answers", form={"csrf_token": token, "body": body})
    page = open_page(path)
    page.locator(".text a.zoom").first.click()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#lightbox figcaption")).to_have_text("답변의 그림")


@pytest.mark.parametrize("way", ["Escape", "outside", "button"])
def test_it_closes_and_returns_the_focus(page: Page, way: str):
    link = page.locator(".text a.zoom").nth(1)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lightbox")).to_be_visible()
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "outside":
        page.mouse.click(3, 3)
    else:
        page.locator("#lightbox [data-step='0']").click()
    expect(page.locator("#lightbox")).to_be_hidden()
    expect(link).to_be_focused()


def test_a_picture_within_a_link_leads_where_it_says(page: Page):
    page.get_by_role("link", name="다른 곳").click()
    page.wait_for_url("**/tags")


def test_without_a_script_the_picture_is_a_link(open_page: OpenPage, path: str):
    page = open_page(path, script=False)
    page.locator(".text a.zoom").first.click()
    page.wait_for_url("**/files/*.webp")
