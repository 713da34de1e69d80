"""What is pasted, dropped or chosen in the editor: texts, tables, pictures and other files."""

import base64
import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from .conftest import OpenPage
from .words import ko

pytestmark = pytest.mark.browser

WRITER = "dalbit"
SEND = """(target, [type, texts, files]) => {
  const data = new DataTransfer();
  for (const [name, text] of Object.entries(texts)) data.setData(name, text);
  for (const { name, type, content } of files) {
    data.items.add(new File([Uint8Array.from(atob(content), (each) => each.charCodeAt(0))], name, { type }));
  }
  const options = { bubbles: true, cancelable: true };
  const event = type === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, ...options })
    : new DragEvent(type, { dataTransfer: data, ...options });
  return !target.dispatchEvent(event);
}"""


def picture(name: str = "a.png", colour: str = "#8a5100") -> dict[str, str]:
    stream = BytesIO()
    Image.new("RGB", (8, 8), colour).save(stream, "PNG")
    return {"name": name, "type": "image/png", "content": base64.b64encode(stream.getvalue()).decode()}


PDF = {"name": "a.pdf", "type": "application/pdf", "content": base64.b64encode(b"%PDF-1.7").decode()}
UPLOADED = re.compile(r"^!\[\]\(/files/\w+\.webp\)$")
NOT_PICTURE = "“%(name)s” is not a picture. Only JPEG, PNG, WebP, GIF, AVIF and HEIC files can be added."


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page("/posts/new?board=talk", WRITER)


@pytest.fixture
def area(page: Page) -> Locator:
    return page.locator("#body")


def send(target: Locator, kind: str, texts: dict[str, str], *files: dict[str, str]) -> bool:
    """Paste or drop; whether the page handled it, so that the browser does nothing."""
    return target.evaluate(SEND, [kind, texts, list(files)])


# As Excel, LibreOffice, Google Sheets, Word, a page of the web, and whole columns put tables on the clipboard.
TABLES = [
    (
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head><style>td {color:red}</style></head>"
        "<body><!--StartFragment--><table><col width=64><tr height=20><td>이름</td><td class=xl65>값</td></tr>"
        "<tr><td>물</td><td align=right>1.5</td></tr></table><!--EndFragment--></body></html>",
        "| 이름 | 값 |\n| --- | --- |\n| 물 | 1.5 |",
    ),
    (
        "<table><colgroup></colgroup><tr><th><font>a|b</font></th><th>*c*</th></tr><tr><td>x<br>y</td><td></td></tr></table>",
        "| a\\|b | \\*c\\* |\n| --- | --- |\n| x y |  |",
    ),
    (
        "<google-sheets-html-origin><style></style><table dir='ltr'><tbody><tr><td colspan='2'>가</td><td>나</td></tr>"
        "<tr><td rowspan='2'>1</td><td>2</td><td>3</td></tr><tr><td>4</td><td>5</td></tr></tbody></table>",
        "| 가 |  | 나 |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n|  | 4 | 5 |",
    ),
    (
        "<p>앞의 <b>글</b></p><table><tr><td><p>하나</p></td><td><p>둘</p></td></tr></table><p>뒤의 글</p>",
        "앞의 글\n\n| 하나 | 둘 |\n| --- | --- |\n\n뒤의 글",
    ),
    (
        "<table><caption>물가</caption><thead><tr><th>이름</th></tr></thead><tbody><tr><td>https://a.kr/a_b_c</td></tr>"
        "<tr style='display:none'><td>숨은 줄</td></tr></tbody></table>",
        "물가\n\n| 이름 |\n| --- |\n| https://a.kr/a_b_c |",
    ),
    (
        "<table><tr><td>1</td><td>2</td><td></td></tr>" + "<tr><td></td><td></td><td></td></tr>" * 9,
        "| 1 | 2 |\n| --- | --- |",
    ),
]


@pytest.mark.parametrize(("html", "markdown"), TABLES)
def test_a_table_becomes_a_table_and_its_picture_is_left_out(page: Page, area: Locator, html: str, markdown: str):
    uploads: list[str] = []
    page.on("request", lambda request: request.url.endswith("/files") and uploads.append(request.url))
    assert send(area, "paste", {"text/plain": "이름\t값", "text/html": html}, picture())
    expect(area).to_have_value(markdown)
    assert uploads == []


PLAIN = [
    {"text/plain": "글"},
    {"text/plain": "글", "text/html": "<p><b>글</b></p>"},
    {"text/plain": "한 칸", "text/html": "<table><tr><td>한 칸</td></tr></table>"},
    {"text/plain": "배치", "text/html": f"<table><tr><td>{TABLES[-1][0]}</td></tr></table>"},
    {"text/plain": "100% 글"},
]


@pytest.mark.parametrize("texts", PLAIN)
def test_other_text_is_pasted_by_the_browser_without_its_picture(area: Locator, texts: dict[str, str]):
    """From a word processor, of one cell, of a page that is laid out by tables."""
    assert not send(area, "paste", texts, picture())


def test_a_table_is_pasted_as_plain_text_into_code(page: Page, area: Locator):
    area.fill("```\n")
    assert not send(area, "paste", {"text/plain": "1\t2", "text/html": TABLES[0][0]})


PICTURES = [
    {},
    {"text/html": '<img src="https://example.org/a.png" alt="나무">'},
    {"text/plain": "a.png"},
    {"text/plain": "file:///home/dal%20bit/a.png"},
    {"text/plain": " \n"},
]


@pytest.mark.parametrize("texts", PICTURES)
def test_a_picture_alone_is_uploaded(area: Locator, texts: dict[str, str]):
    """Copied in a drawing program, on a page, and in a file manager, which adds the name or address of the file."""
    assert send(area, "paste", texts, picture())
    expect(area).to_have_value(UPLOADED)


def test_text_that_is_there_only_as_html_wins_too(area: Locator):
    assert send(area, "paste", {"text/html": "<p>하나</p><ul><li>둘</li></ul>"}, picture())
    expect(area).to_have_value("하나\n\n- 둘")


def test_files_that_are_no_pictures_are_refused_with_a_sentence(page: Page, area: Locator):
    """Pasted, dropped beside the text and chosen; the browser must not open them and leave the page."""
    problem = page.locator("[data-upload-problem]")
    assert send(area, "paste", {"text/plain": "a.pdf"}, PDF)
    expect(problem).to_contain_text(ko(NOT_PICTURE, name="a.pdf"))
    problem.get_by_role("button", name=ko("Close")).click()
    expect(problem).to_be_hidden()
    assert send(page.locator(".editor"), "drop", {}, PDF, picture("b.png", "#123456"))
    expect(problem).to_contain_text(ko(NOT_PICTURE, name="a.pdf"))
    expect(area).to_have_value(UPLOADED)
    page.locator("[data-editor] input[type=file]").set_input_files(
        {"name": "c.txt", "mimeType": "text/plain", "buffer": b"words"}
    )
    expect(problem).to_contain_text(ko(NOT_PICTURE, name="c.txt"))


def test_the_error_of_an_upload_stays_until_the_next_one(page: Page, area: Locator):
    problem = page.locator("[data-upload-problem]")
    assert send(area, "paste", {}, {**picture(), "content": base64.b64encode(b"no picture").decode()})
    sentence = ko("This is not a picture we can read. Please send JPEG, PNG, WebP, GIF, AVIF or HEIC.")
    expect(problem).to_contain_text(sentence)
    area.fill("그 뒤에 쓴 글")
    page.clock.run_for(3000)
    expect(page.locator("[data-state]")).to_have_text(ko("Draft saved"))
    expect(problem).to_contain_text(sentence)
    assert send(area, "paste", {}, picture("c.png", "#654321"))
    expect(problem).to_be_hidden()


def test_dropped_text_is_left_to_the_browser(page: Page, area: Locator):
    assert not send(area, "drop", {"text/plain": "끌어 놓은 글"})
