"""The Markdown editor: toolbar, preview, pictures and completion."""

import re
from io import BytesIO
from urllib.parse import quote

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from .conftest import OpenPage
from .words import ko

pytestmark = pytest.mark.browser

WRITER = "dalbit"


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page("/posts/new?board=talk", WRITER)


@pytest.fixture
def area(page: Page) -> Locator:
    area = page.locator("#body")
    area.fill("")
    return area


class TestTheTools:
    def test_make_the_selection_bold_and_revert_it(self, page: Page, area: Locator):
        area.fill("마당")
        area.select_text()
        page.locator("[data-tool=bold]").click()
        expect(area).to_have_value("**마당**")
        page.locator("[data-tool=bold]").click()
        expect(area).to_have_value("마당")

    def test_make_a_list_of_the_selected_lines(self, page: Page, area: Locator):
        area.fill("하나\n둘")
        area.select_text()
        page.locator("[data-tool=list]").click()
        expect(area).to_have_value("- 하나\n- 둘")

    def test_fence_several_lines_of_code(self, page: Page, area: Locator):
        area.fill("a = 1\nb = 2")
        area.select_text()
        page.locator("[data-tool=code]").click()
        expect(area).to_have_value("\n```\na = 1\nb = 2\n```\n")

    def test_make_a_link_of_an_address(self, page: Page, area: Locator):
        area.fill("https://example.org/a")
        area.select_text()
        page.locator("[data-tool=link]").click()
        expect(area).to_have_value(f"[{ko('text')}](https://example.org/a)")


class TestPictures:
    def test_are_inserted_at_the_caret(self, page: Page, area: Locator):
        stream = BytesIO()
        Image.new("RGB", (8, 8), "#8a5100").save(stream, "PNG")
        area.fill("앞뒤")
        page.evaluate("document.querySelector('#body').setSelectionRange(1, 1)")
        page.locator("[data-editor] input[type=file]").set_input_files(
            {"name": "a.png", "mimeType": "image/png", "buffer": stream.getvalue()}
        )
        expect(area).to_have_value(re.compile(r"^앞!\[\]\(/files/\w+\.webp\)뒤$"))

    def test_are_described_in_the_page(self, page: Page, area: Locator):
        stream = BytesIO()
        Image.new("RGB", (8, 8), "#8a5101").save(stream, "PNG")
        page.locator("[data-editor] input[type=file]").set_input_files(
            {"name": "a.png", "mimeType": "image/png", "buffer": stream.getvalue()}
        )
        field = page.get_by_label(ko("Describe the picture for people who cannot see it"))
        field.fill("나무 [한 그루]*")
        expect(area).to_have_value(re.compile(r"^!\[나무 \(한 그루\)\]\(/files/\w+\.webp\)$"))
        page.get_by_role("tab", name=ko("Preview")).click()
        expect(page.locator(".preview img")).to_have_attribute("alt", "나무 (한 그루)")
        page.get_by_role("tab", name=ko("Write", context="editor tab")).click()
        field.press("Enter")
        expect(field).to_have_count(0)
        expect(area).to_be_focused()

    @pytest.mark.parametrize(
        ("size", "options", "sent"),
        [
            ((5120, 1200), {"format": "JPEG"}, (2560, 600)),
            ((5120, 1200), {"format": "PNG"}, (2560, 600)),
            ((400, 300), {"format": "JPEG"}, (400, 300)),
            ((600, 20_000), {"format": "PNG"}, (600, 20_000)),
            ((3000, 30), {"format": "PNG", "save_all": True, "append_images": [1]}, (3000, 30)),
        ],
        ids=["a wide photo", "a wide drawing", "a small photo", "a tall drawing", "one that moves"],
    )
    def test_are_scaled_before_they_are_sent(self, page: Page, area: Locator, size, options, sent):
        stream = BytesIO()
        noise = Image.effect_noise(size, 60).convert("RGB")
        options = {**options, **({"append_images": [Image.new("RGB", size)]} if "append_images" in options else {})}
        noise.save(stream, **options)
        file = {"name": "a", "mimeType": f"image/{options['format'].lower()}", "buffer": stream.getvalue()}
        received: list[bytes] = []

        def answer(route: Route) -> None:
            received.append(route.request.post_data_buffer or b"")
            route.fulfill(status=201, json={"markdown": "![](/files/a.webp)", "url": "/files/a.webp"})

        page.route("**/files", answer)
        page.locator("[data-editor] input[type=file]").set_input_files(file)
        expect(area).to_have_value("![](/files/a.webp)")
        body = received[0].partition(b"\r\n\r\n")[2]
        assert Image.open(BytesIO(body)).size == sent

    def test_are_sent_one_after_the_other_and_stand_in_their_order(self, page: Page, area: Locator):
        under_way, most = [0], [0]

        def answer(route: Route) -> None:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
            name = re.search(rb'filename="(\w)"', route.request.post_data_buffer or b"")[1].decode()
            page.wait_for_timeout(50)
            under_way[0] -= 1
            route.fulfill(status=201, json={"markdown": f"![](/files/{name}.webp)", "url": f"/files/{name}.webp"})

        page.route("**/files", answer)
        stream = BytesIO()
        Image.new("RGB", (8, 8)).save(stream, "PNG")
        files = [{"name": name, "mimeType": "image/png", "buffer": stream.getvalue()} for name in "abcdef"]
        page.locator("[data-editor] input[type=file]").set_input_files(files)
        expect(area).to_have_value("".join(f"![](/files/{name}.webp)" for name in "abcdef"))
        assert most == [1]

    def test_need_no_separate_field(self, page: Page, area: Locator):
        expect(page.locator("[data-plain]")).to_have_count(2)
        for part in page.locator("[data-plain]").all():
            expect(part).to_be_hidden()
        expect(page.locator("[name=pictures]")).to_have_count(0)

    def test_other_files_are_refused_with_a_message(self, page: Page, area: Locator):
        area.fill("앞뒤")
        page.locator("[data-editor] input[type=file]").set_input_files(
            {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
        )
        sentence = ko("This is not a picture we can read. Please send JPEG, PNG, WebP, GIF, AVIF or HEIC.")
        expect(page.locator("[data-upload-problem]")).to_contain_text(sentence)
        expect(area).to_have_value("앞뒤")


def test_the_preview_is_rendered_by_the_server(page: Page, area: Locator):
    area.fill("**강조(설명)**입니다")
    page.get_by_role("tab", name=ko("Preview")).click()
    expect(page.locator(".preview strong")).to_have_text("강조(설명)")
    expect(area).to_be_hidden()


class TestCompletion:
    def test_of_a_name(self, page: Page, area: Locator):
        area.press_sequentially("안녕 @hane")
        page.clock.run_for(200)
        expect(page.locator(".completion li:visible")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(area).to_have_value("안녕 @haneul ")

    def test_shows_the_badge_of_staff(self, page: Page, area: Locator):
        area.press_sequentially("안녕 @eunb")
        page.clock.run_for(200)
        expect(page.locator(".completion li:visible .pill")).to_have_text(ko("Moderator"))

    @pytest.mark.parametrize("query", ["हिन्दी", "สมหญิ", "ÖMER"])
    def test_asks_for_letters_and_vowel_signs_of_any_script(self, page: Page, area: Locator, query: str):
        with page.expect_request("**/users/complete*") as asked:
            area.fill(f"안녕 @{query}")
            page.clock.run_for(200)
        assert asked.value.url.endswith(quote(query))

    def test_shows_the_names_under_the_caret(self, page: Page, area: Locator):
        area.press_sequentially("하나\n둘 @hane")
        page.clock.run_for(200)
        expect(page.locator(".completion li:visible")).to_have_count(1)
        shown, field = page.get_by_role("listbox").bounding_box(), area.bounding_box()
        assert shown
        assert field
        assert 40 < shown["y"] - field["y"] < 110

    def test_ignores_an_email_address(self, page: Page, area: Locator):
        area.press_sequentially("me@hane")
        page.clock.run_for(200)
        expect(page.locator(".completion li:visible")).to_have_count(0)

    def test_of_a_tag_after_the_last_comma(self, page: Page):
        tags = page.locator("#tags")
        tags.fill("")
        tags.press_sequentially("nginx, postg")
        page.clock.run_for(200)
        expect(tags).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Enter")
        expect(tags).to_have_value("nginx, postgresql, ")

    def test_is_not_shown_after_the_focus_has_moved(self, page: Page):
        """It would cover the next field or button."""
        tags = page.locator("#tags")
        tags.fill("")
        on_their_way: list[Route] = []
        page.route("**/tags/complete*", lambda route: on_their_way.append(route))
        with page.expect_request("**/tags/complete*q=postg"):
            tags.press_sequentially("postg")
            page.clock.run_for(200)
        page.locator("#title").focus()
        with page.expect_response("**/tags/complete*q=postg"):
            for answer in on_their_way:
                answer.continue_()
        page.clock.run_for(200)
        expect(page.locator(".completion li:visible")).to_have_count(0)


def test_similar_questions_are_shown_while_the_title_is_typed(page: Page):
    """They stand below the editor, which stays where it is."""
    top = page.locator("#body").bounding_box()["y"]
    page.locator("#title").press_sequentially("SQLite에서 PostgreSQL로")
    page.clock.run_for(500)
    expect(page.locator(".similar a").first).to_contain_text("PostgreSQL")
    assert page.locator("#body").bounding_box()["y"] == top
