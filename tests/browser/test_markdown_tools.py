"""The toolbar and the keys of the Markdown editor, and the views that the browser remembers."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import OpenPage
from .words import Words, ko

pytestmark = pytest.mark.browser

WRITER = "dalbit"
PRESS = """(area, [key, code, options]) => !area.dispatchEvent(
  new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...options }))"""


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page("/posts/new?board=talk", WRITER)


@pytest.fixture
def area(page: Page) -> Locator:
    return page.locator("#body")


def select(area: Locator, text: str) -> None:
    """Fill in a text whose selection or caret `|` marks."""
    start, _mark, rest = text.partition("|")
    middle, _mark, after = rest.partition("|") if "|" in rest else ("", "", rest)
    area.fill(start + middle + after)
    area.evaluate("(area, range) => area.setSelectionRange(...range)", [len(start), len(start + middle)])


def selected(area: Locator) -> str:
    return area.evaluate("(area) => area.value.slice(area.selectionStart, area.selectionEnd)")


def press(page: Page, tool: str) -> None:
    page.locator(f"[data-tool={tool}]").click()


# What is selected between bars, the text after one press of the button, and after a second one.
MARKS = [
    ("bold", "|강조 |말", "**강조** 말", "강조 말"),
    ("bold", "가| 강조|", "가 **강조**", "가 강조"),
    ("bold", "|\u3000강조\n|", "\u3000**강조**\n", "\u3000강조\n"),
    ("bold", "**|강조|**", "강조", "**강조**"),
    ("bold", "|**강조** |말", "강조 말", "**강조** 말"),
    ("bold", "*|강조|*", "***강조***", "*강조*"),
    ("bold", "|하나\n\n둘 |", "**하나**\n\n**둘** ", "하나\n\n둘 "),
    ("bold", "|- 하나\n- 둘|", "- **하나**\n- **둘**", "- 하나\n- 둘"),
    ("bold", "|> 1. [x] 하나\n## 둘|", "> 1. **[x] 하나**\n## **둘**", "> 1. [x] 하나\n## 둘"),
    ("bold", "|**하나**\n둘|", "**하나**\n**둘**", "하나\n둘"),
    ("italic", "**|강조|**", "***강조***", "**강조**"),
    ("italic", "| two words |", " *two words* ", " two words "),
    ("strike", "|지운 말 |", "~~지운 말~~ ", "지운 말 "),
    ("code", "|a = 1 |", "`a = 1` ", "a = 1 "),
    ("heading", "|제목|", "## 제목", "제목"),
    ("heading", "하나\n#### 제|목", "하나\n## 제목", "하나\n제목"),
    ("quote", "|하나\n\n둘|", "> 하나\n> \n> 둘", "하나\n\n둘"),
    ("list", "|하나\n둘\n|셋", "- 하나\n- 둘\n셋", "하나\n둘\n셋"),
    ("list", "|1. 하나\n2. 둘|", "- 하나\n- 둘", "하나\n둘"),
    ("numbers", "|하나\n\n둘|", "1. 하나\n\n2. 둘", "하나\n\n둘"),
    ("numbers", "|- 하나\n- [ ] 둘|", "1. 하나\n2. 둘", "하나\n둘"),
]


@pytest.mark.parametrize(("tool", "text", "once", "twice"), MARKS)
def test_a_button_marks_the_words_and_reverts_it(page: Page, area: Locator, tool, text, once, twice):
    """Spaces, line ends and the marks of lists, quotes and headings stay outside; each paragraph has its own marks."""
    select(area, text)
    press(page, tool)
    expect(area).to_have_value(once)
    press(page, tool)
    expect(area).to_have_value(twice)


def test_words_with_a_space_become_bold_in_the_preview(page: Page, area: Locator):
    select(area, "아주 |중요한 |말")
    press(page, "bold")
    page.get_by_role("tab", name=ko("Preview")).click()
    expect(page.locator(".preview strong")).to_have_text("중요한")


def test_code_with_backticks_has_longer_ones(page: Page, area: Locator):
    select(area, "|a ` b|")
    press(page, "code")
    expect(area).to_have_value("`` a ` b ``")
    select(area, "|```\nx\n```|")
    press(page, "code")
    expect(area).to_have_value("\n````\n```\nx\n```\n````\n")
    press(page, "code")
    expect(area).to_have_value("```\nx\n```")


def test_a_list_that_begins_with_an_empty_line_leaves_the_caret_behind_its_mark(page: Page, area: Locator):
    select(area, "|")
    press(page, "list")
    page.keyboard.type("하나")
    expect(area).to_have_value("- 하나")


def test_a_table_is_inserted_to_be_filled_in_or_made_of_cells(page: Page, area: Locator):
    select(area, "앞|")
    press(page, "table")
    expect(area).to_have_value(re.compile(r"^앞\n\n\| (\S+) 1 \| \1 2 \|\n\| --- \| --- \|\n\|  \|  \|\n$"))
    assert selected(area) == f"{ko('Column')} 1"
    area.fill("이름\t값\n가|나\t*1*")
    area.select_text()
    press(page, "table")
    expect(area).to_have_value("| 이름 | 값 |\n| --- | --- |\n| 가\\|나 | \\*1\\* |\n")
    page.get_by_role("tab", name=ko("Preview")).click()
    expect(page.locator(".preview th")).to_have_text(["이름", "값"])


KEYS = [
    ("b", "KeyB", {}, "**말**"),
    ("ㅠ", "KeyB", {}, "**말**"),
    ("B", "KeyB", {}, "**말**"),
    ("Process", "KeyB", {}, "**말**"),
    ("и", "KeyB", {}, "**말**"),
    ("b", "KeyN", {}, "**말**"),
    ("ㅑ", "KeyI", {}, "*말*"),
    ("ㄷ", "KeyE", {}, "`말`"),
    ("ㅌ", "KeyX", {"shiftKey": True}, "~~말~~"),
    ("&", "Digit7", {"shiftKey": True}, "1. 말"),
    ("*", "Digit8", {"shiftKey": True}, "- 말"),
    ("(", "Digit9", {"shiftKey": True}, "> 말"),
    ("ㅠ", "KeyB", {"isComposing": True}, "말"),
    ("ㅠ", "KeyB", {"altKey": True}, "말"),
    ("B", "KeyB", {"shiftKey": True}, "말"),
]


def test_shortcuts_work_in_every_layout_and_not_during_composition(page: Page, area: Locator):
    """The Korean and Russian layouts, Caps Lock, an input method, and Dvorak, whose letters are at other places."""
    for key, code, options, text in KEYS:
        select(area, "|말|")
        is_handled = area.evaluate(PRESS, [key, code, {"ctrlKey": True, **options}])
        assert (area.input_value(), is_handled) == (text, text != "말"), (key, code, options)


def test_single_keys_work_in_every_layout(open_page: OpenPage):
    page = open_page("/questions")
    for key, code, row in (("ㅓ", "KeyJ", 0), ("J", "KeyJ", 1), ("Process", "KeyJ", 2), ("ㅏ", "KeyK", 1)):
        page.locator("body").evaluate(PRESS, [key, code, {}])
        expect(page.locator("[data-row]").nth(row)).to_be_focused()
    for key, options in (("ㅓ", {"isComposing": True}), ("J", {"shiftKey": True}), ("j", {"ctrlKey": True})):
        page.locator("body").evaluate(PRESS, [key, "KeyJ", options])
        expect(page.locator("[data-row]").nth(1)).to_be_focused()
    page.locator("body").evaluate(PRESS, ["/", "Digit7", {"shiftKey": True}])  # as on German keyboards
    expect(page.locator("#q")).to_be_focused()


def test_pairs_of_keys_work_in_a_korean_layout(open_page: OpenPage):
    page = open_page("/questions")
    page.locator("body").evaluate(PRESS, ["ㅎ", "KeyG", {}])
    with page.expect_navigation():
        page.locator("body").evaluate(PRESS, ["ㅗ", "KeyH", {}])
    assert page.url.endswith("/")


# What stands before and after the caret when Enter is pressed, and the text then with a word typed.
LISTS = [
    ("- 하나|", "- 하나\n- 말"),
    ("* 하나|", "* 하나\n* 말"),
    ("  - 하나|", "  - 하나\n  - 말"),
    ("1. 하나|", "1. 하나\n2. 말"),
    ("9) 하나|", "9) 하나\n10) 말"),
    ("> 하나|", "> 하나\n> 말"),
    ("> - 하나|", "> - 하나\n> - 말"),
    ("- [x] 하나|", "- [x] 하나\n- [ ] 말"),
    ("- [ ] 하나|", "- [ ] 하나\n- [ ] 말"),
    ("- 하|나", "- 하\n- 말나"),
    ("- 하나\n- |", "- 하나\n말"),
    ("1. 하나\n2. |", "1. 하나\n말"),
    ("> 하나\n> |", "> 하나\n말"),
    ("> - |", "> 말"),
    ("- [ ] |", "말"),
    ("|- 하나", "\n말- 하나"),
    ("하나|", "하나\n말"),
    ("-하나|", "-하나\n말"),
    ("3.5 하나|", "3.5 하나\n말"),
    ("```\n- 하나|", "```\n- 하나\n말"),
    ("```\nx\n```\n- 하나|", "```\nx\n```\n- 하나\n- 말"),
]


def test_enter_continues_a_list_and_ends_it_on_an_empty_item(page: Page, area: Locator):
    for text, then in LISTS:
        select(area, text)
        area.press("Enter")
        page.keyboard.type("말")
        assert area.input_value() == then, text


def test_enter_that_ends_a_composition_or_is_pressed_with_shift_continues_no_list(page: Page, area: Locator):
    for options in ({"isComposing": True}, {"keyCode": 229}, {"shiftKey": True}):
        select(area, "- 하나|")
        assert area.evaluate(PRESS, ["Enter", "Enter", options]) is False
        expect(area).to_have_value("- 하나")


def test_the_browser_can_undo_what_the_tools_do(page: Page, area: Locator):
    area.fill("")
    area.press_sequentially("- 하나")
    area.press("Enter")
    area.press("Enter")
    expect(area).to_have_value("- 하나\n")
    area.press("Control+z")
    expect(area).to_have_value("- 하나\n- ")


class TestTheToolbar:
    def test_is_one_stop_of_the_tab_key_with_arrows_between_its_buttons(self, page: Page):
        page.locator("[data-tool=bold]").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-tool=italic]")).to_be_focused()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(page.locator("[data-view=split]")).to_be_focused()
        page.keyboard.press("Home")
        expect(page.locator("[data-tool=bold]")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#body")).to_be_focused()

    @pytest.mark.parametrize("locale", ["ko", "en"])
    def test_has_names_and_tooltips_with_the_keys(self, open_page: OpenPage, locale: str):
        page, translate = open_page("/posts/new?board=talk", WRITER, locale=locale), Words(locale)
        names = (
            "Bold",
            "Italic",
            "Strikethrough",
            "Heading",
            "Quote",
            "Code",
            "List",
            "Numbered list",
            "Table",
            "Link",
        )
        for name in names:
            expect(page.get_by_role("toolbar").get_by_role("button", name=translate(name), exact=True)).to_be_visible()
        expect(page.locator("[data-tool=bold]")).to_have_attribute("title", f"{translate('Bold')} (Ctrl+B)")


class TestTheViews:
    def test_side_by_side_shows_the_preview_while_writing_and_is_remembered(self, page: Page, area: Locator):
        page.locator("[data-view=split]").click()
        area.fill("**강조**")
        page.clock.run_for(1000)
        expect(page.locator(".preview strong")).to_have_text("강조")
        expect(area).to_be_visible()
        page.evaluate("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
        page.reload()
        expect(page.locator(".preview strong")).to_have_text("강조")
        page.set_viewport_size({"width": 700, "height": 800})
        expect(page.locator(".preview")).to_be_hidden()
        expect(page.locator("[data-view=split]")).to_be_hidden()
        page.set_viewport_size({"width": 1280, "height": 800})
        page.locator("[data-view=split]").click()
        expect(page.locator(".preview")).to_be_hidden()
        page.get_by_role("tab", name=ko("Preview")).click()
        expect(page.locator(".preview")).to_be_visible()

    def test_a_monospaced_font_is_remembered(self, page: Page, area: Locator):
        font = "(area) => getComputedStyle(area).fontFamily"
        assert "mono" not in area.evaluate(font)
        page.locator("[data-view=mono]").click()
        assert "mono" in area.evaluate(font)
        page.reload()
        assert "mono" in area.evaluate(font)
        expect(page.locator("[data-view=mono]")).to_have_attribute("aria-pressed", "true")
