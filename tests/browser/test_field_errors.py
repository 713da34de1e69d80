"""Focus and errors in forms: the right field has the focus, and errors speak the reader's language and leave."""

import pytest
from playwright.sync_api import Locator, expect

from .browsing import BrowserPool
from .cases import CASES, SHORT, Case
from .conftest import OpenPage
from .words import Words, ko

pytestmark = pytest.mark.browser

READER = "noor"
REFUSED = [case for case in CASES if case.sent is not None and case.status == 422]
FIRST_WRONG = "main :is([aria-invalid=true], [type=radio][aria-describedby$=-error])"


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_the_first_wrong_field_of_a_refused_form_has_the_focus(browsers: BrowserPool, case: Case, has_script: bool):
    """On every page with a form, also where the address leads to a part of it. Errors of no field leave it alone."""
    user = browsers.reuse_for(case.who, script=has_script)
    if has_script:
        user.visit(case.path(browsers.site), case.sent)
    else:
        path = browsers.site.url + case.path(browsers.site).partition("#")[0]
        html = user.fetch(case.path(browsers.site), case.sent)
        user.page.route(path, lambda route: route.fulfill(body=html, content_type="text/html"))
        user.page.goto(path)
        user.page.unroute(path)
    wrong = user.page.locator(FIRST_WRONG)
    if wrong.count():
        expect(wrong.first).to_be_focused()
        expect(user.page.locator("[autofocus]")).to_have_count(1)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize(
    ("address", "who", "field"),
    [
        ("/auth/login", None, "username"),
        ("/auth/signup", None, "username"),
        ("/questions/ask", READER, "title"),
        ("/posts/new?board=talk", READER, "title"),
    ],
)
def test_forms_that_are_the_page_begin_at_their_field(
    open_page: OpenPage, address: str, who: str | None, field: str, has_script: bool
):
    page = open_page(address, who, script=has_script)
    expect(page.locator(f"main [name={field}]")).to_be_focused()


class TestAFoldedForm:
    """What is typed after opening it is text: `n` would leave the page, `?` open the help, `/` go to the search."""

    TYPED = "n/?jk gm"

    @pytest.mark.parametrize("key", ["click", "Enter", "Space"])
    @pytest.mark.parametrize(
        ("address", "folded"),
        [
            ("/posts/{question}", "#comments-{question} > details"),
            ("/posts/{question}", "#comment-{reply} details"),
            ("/posts/{talk}", "#comments-{talk} > details"),
            ("/todos", "form.find details"),
            ("/posts/new?board=talk", ".poll-fields"),
        ],
    )
    def test_has_the_focus_in_its_first_field(
        self, open_page: OpenPage, browsers: BrowserPool, address: str, folded: str, key: str
    ):
        page = open_page(address, READER)
        box = page.locator(folded.format(**browsers.site.places)).first
        summary = box.locator("summary")
        if key == "click":
            summary.click()
        else:
            summary.press(key)
        field = box.locator("input:not([type=hidden]), textarea").first
        expect(field).to_be_focused()
        if field.get_attribute("type") in {None, "text"}:
            page.keyboard.type(self.TYPED)
            expect(field).to_have_value(self.TYPED)
        expect(page.locator("#keys")).to_be_hidden()
        assert page.url.partition("&draft=")[0].endswith(address.format(**browsers.site.places))
        summary.click()
        expect(field).to_be_hidden()

    def test_is_opened_only_where_it_has_a_field(self, open_page: OpenPage):
        """A folded text that can only be read keeps the focus where it is."""
        page = open_page("/drafts", "eunbyeol")
        page.locator("main details > summary").first.click()
        expect(page.locator("main details > summary").first).to_be_focused()


class TestAnError:
    @pytest.fixture(params=["ko", "en"])
    def words(self, request: pytest.FixtureRequest) -> Words:
        return Words(request.param)

    def error_of(self, field: Locator) -> Locator:
        return field.page.locator(f"#{field.get_attribute('id')}-error")

    def test_of_the_browser_stands_at_the_field_in_the_reader_s_language(self, open_page: OpenPage, words: Words):
        page = open_page("/auth/signup", locale=words.locale)
        page.locator("main [name=email]").fill("no address")
        page.locator("main button[type=submit]").click()
        name, address = page.locator("main [name=username]"), page.locator("main [name=email]")
        expect(name).to_be_focused()
        expect(self.error_of(name)).to_have_text(words("Please fill in this field."))
        sentence = words("This does not look like an e-mail address. Please check it.")
        expect(self.error_of(address)).to_have_text(sentence)
        expect(address).to_have_attribute("aria-invalid", "true")
        expect(page.locator("main [name=password]")).to_have_accessible_description(
            words("At least 10 characters. A few unrelated words work well.")
            + " "
            + words("Please fill in this field.")
        )
        address.press_sequentially("@example.org")
        expect(self.error_of(address)).to_be_visible()
        address.fill("an@example.org")
        expect(self.error_of(address)).to_be_hidden()
        expect(address).not_to_have_attribute("aria-invalid", "true")
        expect(self.error_of(name)).to_be_visible()

    def test_about_a_choice_leaves_with_it(self, open_page: OpenPage, words: Words):
        page = open_page("/posts/{question}/flags", READER, locale=words.locale)
        page.locator("main form button[type=submit]").last.click()
        error = page.locator("main fieldset .field-error")
        expect(error).to_have_text(words("Please choose one."))
        expect(page.locator("main [type=radio]").first).to_be_focused()
        page.locator("main [type=radio]").nth(1).check()
        expect(error).to_be_hidden()

    def test_of_the_server_stays_until_the_text_is_long_enough(self, browsers: BrowserPool):
        """Spaces are no text; a field that may be empty is right when it is."""
        with browsers.open_for(READER) as user:
            user.visit("/posts/new", {**SHORT, "title": "H", "body": "네"})
            title, body = user.page.locator("main [name=title]"), user.page.locator("main [name=body]")
            for field, texts in ((title, ("  ", "", "H ")), (body, ("짧아요", " " * 30))):
                for text in texts:
                    field.fill(text)
                    expect(self.error_of(field)).to_be_visible()
            title.fill("Hm")
            expect(self.error_of(title)).to_be_hidden()
            body.fill("이제는 열 글자가 넘는 질문이에요.")
            expect(self.error_of(body)).to_be_hidden()
            expect(self.error_of(user.page.locator("main [name=tags]"))).to_be_visible()
            user.visit("/settings", {"website": "no address"})
            website = user.page.locator("main [name=website]")
            expect(self.error_of(website)).to_be_visible()
            website.fill("")
            expect(self.error_of(website)).to_be_hidden()

    def test_of_a_form_in_place_has_the_focus_and_leaves(self, open_page: OpenPage, browsers: BrowserPool):
        page = open_page("/posts/{question}", READER)
        box = page.locator("#comments-{question} > details".format(**browsers.site.places))
        box.locator("summary").click()
        field, error = box.locator("textarea"), box.locator("[data-problem]")
        field.fill("x")
        box.locator("button[type=submit]").click()
        expect(error).not_to_be_empty()
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-invalid", "true")
        field.fill("x ")
        expect(error).not_to_be_empty()
        field.fill("xy")
        expect(error).to_be_empty()
        expect(field).not_to_have_attribute("aria-invalid", "true")

    def test_in_a_folded_part_opens_it(self, open_page: OpenPage):
        page = open_page("/todos", "namu")
        page.locator("form.find [name=title]").fill("물 주기")
        page.locator("form.find details > summary").click()
        page.locator("form.find [name=due_time]").press("1")
        page.locator("form.find details > summary").click()
        page.locator("form.find .inline-form button").click()
        expect(page.locator("form.find [name=due_time]")).to_be_focused()
        expect(page.locator("#due_time-error")).to_have_text(ko("This is incomplete or out of range. Please check it."))
