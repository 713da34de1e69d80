"""A complete visit of two new users: with and without a script, in both languages, on a phone."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.people import PASSWORD

from .browsing import BrowserPool, UserBrowser
from .words import Words

pytestmark = pytest.mark.browser

TITLE = "파이썬에서 사진 크기를 줄이려면 무엇을 쓰나요?"
CODE = "```python\nimage.thumbnail((640, 640))\n```"
ANSWER = "Pillow의 `thumbnail`이면 됩니다. 비율도 지켜 줍니다."
visits = 0


def _leaf() -> FilePayload:
    stream = BytesIO()
    Image.new("RGB", (32, 16), "#1c6e52").save(stream, "PNG")
    return {"name": "leaf.png", "mimeType": "image/png", "buffer": stream.getvalue()}


class Visitor:
    """A user who signs up, asks, answers, comments, votes and edits in the browser."""

    def __init__(self, user: UserBrowser, name: str, locale: str, has_script: bool) -> None:
        self.user, self.name, self.has_script = user, name, has_script
        self.page: Page = user.page
        self.translate = Words(locale)

    def press(self, message: str, within: str = "main") -> None:
        self.page.locator(within).get_by_role("button", name=self.translate(message), exact=True).first.click()

    def open(self, within: str) -> None:
        self.page.locator(f"{within} > summary").click()

    def mark_page(self) -> None:
        """Mark the page; `has_not_reloaded` checks the mark. Without a script pages do reload."""
        if self.has_script:
            self.page.evaluate("window.isMarked = true")

    def has_not_reloaded(self) -> bool:
        return not self.has_script or self.page.evaluate("window.isMarked === true")

    def sign_up(self) -> None:
        self.page.goto("/auth/signup")
        for field, text in {"username": self.name, "email": f"{self.name}@example.org"}.items():
            self.page.locator(f"main [name={field}]").fill(text)
        for field in ("password", "password2"):
            self.page.locator(f"main [name={field}]").fill(PASSWORD)
        self.press("Sign up")
        expect(self.page.locator(".notice.good")).to_be_visible()

    def ask(self) -> None:
        self.page.locator(".bar .new").click()
        self.page.locator("main [name=board]").select_option("qa")
        self.page.locator("main [name=title]").fill(TITLE)
        self.page.locator("main [name=body]").fill(f"사진이 너무 커서 쪽이 느립니다. {self.name}\n\n{CODE}\n\n")
        self.page.locator("main [name=tags]").fill("파이썬, 사진")
        if self.has_script:
            self.add_picture()
            self.preview()
        else:
            self.choose_picture("main")
        self.press("Post")
        expect(self.page.locator("h1")).to_have_text(TITLE)
        expect(self.page.locator(".post .hl-n").first).to_have_text("image")
        self.sees_picture(".post .text img")

    def sees_picture(self, selector: str) -> None:
        picture = self.page.locator(selector)
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("naturalWidth", 32)

    def choose_picture(self, within: str) -> None:
        self.page.locator(f"{within} [name=pictures]").set_input_files(_leaf())

    def add_picture(self) -> None:
        self.page.locator("main [name=body]").press("Control+End")
        self.page.locator("[data-editor] input[type=file]").set_input_files(_leaf())
        expect(self.page.locator("main [name=body]")).to_have_value(re.compile(r"!\[\]\(/files/\w+\.\w+\)"))

    def preview(self) -> None:
        self.page.get_by_role("tab", name=self.translate("Preview")).click()
        expect(self.page.locator(".preview pre")).to_contain_text("thumbnail")
        self.page.get_by_role("tab", name=self.translate("Write", context="editor tab")).click()

    def answer(self, question: str) -> str:
        self.page.goto(question)
        self.page.locator("#write [name=body]").fill(ANSWER)
        if not self.has_script:
            self.choose_picture("#write")
            self.press("Add the pictures to the text", "#write")
            expect(self.page.locator("#write .notice.good")).to_be_in_viewport()
            expect(self.page.locator("#write [name=body]")).to_have_value(
                re.compile(r"`thumbnail`.*!\[leaf\]\(/files/", re.S)
            )
        self.press("Post answer", "#write")
        expect(self.page.locator(".post .text").last).to_contain_text("thumbnail")
        assert re.search(r"#answer-\d+$", self.page.url)
        if not self.has_script:
            self.sees_picture("[id^=answer-] .text img")
        return self.page.url.rpartition("#")[2]

    def comment(self, post: str, words: str) -> None:
        number = post.rpartition("-")[2]
        self.mark_page()
        self.open(f"#comments-{number} > details")
        self.page.locator(f"#comment-body-{number}-0").fill(words)
        self.press("Post comment", f"#comments-{number}")
        comment = self.page.locator(".comment", has_text=words)
        expect(comment).to_be_visible()
        assert self.has_not_reloaded()
        if self.has_script:
            expect(comment).to_be_focused()
        else:
            assert self.page.url.endswith("#" + (comment.get_attribute("id") or "?"))

    def reply(self, to: str, words: str) -> None:
        self.mark_page()
        first = self.page.locator(".comment", has_text=to)
        first.locator("details > summary").click()
        first.locator("textarea").fill(words)
        first.get_by_role("button", name=self.translate("Post reply")).click()
        expect(self.page.locator(".comment.reply", has_text=words)).to_be_visible()
        assert self.has_not_reloaded()

    def vote(self, post: str, score: str) -> None:
        self.mark_page()
        up = self.page.locator(f"#vote-{post.rpartition('-')[2]}-up")
        up.click()
        expect(up).to_have_attribute("aria-pressed", "true")
        expect(self.page.locator(f"#{post} > .vote b")).to_have_text(score)
        assert self.has_not_reloaded()
        if self.has_script:
            expect(up).to_be_focused()

    def accept(self, answer: str) -> None:
        self.mark_page()
        button = self.page.locator(f"#accept-{answer.rpartition('-')[2]}")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(self.page.locator(f"#{answer}.accepted")).to_be_visible()
        assert self.has_not_reloaded()
        if self.has_script:
            expect(button).to_be_focused()
            expect(button).to_be_in_viewport()

    def edit(self, question: str) -> None:
        self.page.locator(f"#{question} > div > .acts").get_by_role(
            "link", name=self.translate("Edit"), exact=True
        ).click()
        self.page.locator("main [name=body]").fill(f"사진이 너무 커서 쪽이 아주 느립니다. {self.name}\n\n{CODE}")
        self.page.locator("main [name=summary]").fill("덧붙였어요")
        self.press("Save")
        self.page.locator("a.edited").click()
        expect(self.page.locator(".diff ins").first).to_contain_text("아주")
        expect(self.page.locator("main")).to_contain_text("덧붙였어요")

    def search(self, word: str) -> None:
        self.page.locator("#q").fill(word)
        self.page.locator("#q").press("Enter")
        expect(self.page.locator("mark", has_text=word).first).to_be_visible()
        expect(self.page.locator(".hit", has_text=TITLE).first).to_be_visible()

    def log_out(self) -> None:
        self.open(".bar .menu:not([data-bell])")
        self.press("Log out", ".bar .menu:not([data-bell])")
        expect(self.page.get_by_role("link", name=self.translate("Log in"), exact=True).first).to_be_visible()


@pytest.fixture(params=["ko-1280-script", "en-1280-script", "ko-360-script", "ko-1280-plain", "en-360-plain"])
def people(request: pytest.FixtureRequest, browsers: BrowserPool) -> Iterator[tuple[Visitor, Visitor]]:
    """Two new users with the same language and kind of browser."""
    global visits
    visits += 1
    locale, width, script = request.param.split("-")
    has_script = script == "script"
    users = [browsers.open_for(locale=locale, width=int(width), script=has_script) for _ in range(2)]
    names = (f"mirae{visits}", f"duri{visits}")
    mirae, duri = (Visitor(user, name, locale, has_script) for user, name in zip(users, names, strict=True))
    yield mirae, duri
    errors = [words for user in users for words in user.errors]
    for user in users:
        user.context.close()
    assert errors == []


def test_a_complete_visit(people: tuple[Visitor, Visitor]):
    mirae, duri = people
    mirae.sign_up()
    mirae.ask()
    question = mirae.page.url
    post = f"post-{re.search(r'/posts/([0-9]+)', question)[1]}"
    duri.sign_up()
    answer = duri.answer(question)
    duri.comment(post, "몇 장쯤 되나요?")
    duri.vote(post, "1")
    mirae.page.goto(question)
    mirae.reply("몇 장쯤 되나요?", "삼백 장쯤이에요.")
    mirae.vote(answer, "1")
    mirae.accept(answer)
    mirae.edit(post)
    mirae.search("사진")
    mirae.log_out()
