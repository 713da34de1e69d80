"""The pictures of a text in full size."""

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
