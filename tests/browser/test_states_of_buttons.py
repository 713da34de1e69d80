"""What a vote and an acceptance look like: at rest, under the pointer, with the focus, and when they count."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .browsing import BrowserPool
from .conftest import OpenPage

pytestmark = pytest.mark.browser

ASKER, READER = "namu", "noor"
LOOK = """button => {
  const { color, backgroundColor, borderTopColor, outlineStyle } = getComputedStyle(button);
  return [color, backgroundColor, borderTopColor, outlineStyle];
}"""
SHEET = """() => {
  const sheet = document.createElement("div");
  sheet.style.background = "var(--sheet)";
  return getComputedStyle(document.body.appendChild(sheet)).backgroundColor;
}"""
ICON_CONTRAST = 3  # WCAG 2.2, 1.4.11
BUTTONS = {
    "vote for a post": ("/posts/{talk}", READER, "#vote-{talk}-up"),
    "vote against an answer": ("/posts/{question}", READER, "#vote-{answer}-down"),
    "vote for a comment": ("/posts/{question}", READER, "#vote-c{reply}-up"),
    "acceptance": ("/posts/{question}", ASKER, "#accept-{answer}"),
}


def _luminance(colour: str) -> float:
    """The relative luminance of "rgb(…)" (WCAG 2.2)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


class Looks:
    """The looks of a button in its states; each is (colour, background, border, outline)."""

    def __init__(self, page: Page, button: Locator) -> None:
        self.page, self.button = page, button

    def now(self) -> tuple[str, ...]:
        return tuple(self.button.evaluate(LOOK))

    def press(self, is_on: bool) -> None:
        self.button.click()
        expect(self.button).to_have_attribute("aria-pressed", "true" if is_on else "false")
        self.button.hover()  # an accepted answer moves up

    def leave(self) -> None:
        self.page.mouse.move(0, 0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", BUTTONS)
def test_the_states_look_different_and_have_contrast(open_page: OpenPage, browsers: BrowserPool, name: str, theme: str):
    """Also after a vote was taken back while the pointer stays: that is hovering, and not the vote."""
    path, who, selector = BUTTONS[name]
    page = open_page(path, who, theme=theme)
    looks = Looks(page, page.locator(selector.format(**browsers.site.places)))
    if looks.button.get_attribute("aria-pressed") == "true":  # by another test of the same site
        looks.press(False)
    looks.leave()
    rest = looks.now()
    looks.button.hover()
    hover = looks.now()
    looks.press(True)
    pressed_hover = looks.now()
    looks.leave()
    pressed = looks.now()
    looks.press(False)
    taken_back = looks.now()
    looks.leave()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(looks.button).to_be_focused()
    focus = looks.now()
    assert len({rest, hover, pressed, pressed_hover, focus}) == 5
    assert taken_back == hover
    assert focus[3] == "solid" and {rest[3], hover[3], pressed[3]} == {"none"}
    assert pressed[1] not in {rest[1], hover[1], "rgba(0, 0, 0, 0)"}, "what counts is filled"
    assert hover[1] == rest[1] and hover[2] != rest[2], "hovering is an outline"
    paper = page.evaluate(SHEET)
    for colour, background, *_rest in (rest, hover, pressed, pressed_hover):
        assert contrast(colour, paper if background.endswith(", 0)") else background) >= ICON_CONTRAST


def test_a_touched_button_does_not_keep_the_look_of_hovering(open_page: OpenPage, browsers: BrowserPool):
    page = open_page("/posts/{talk}", READER, width=360)
    looks = Looks(page, page.locator("#vote-{talk}-up".format(**browsers.site.places)))
    rest = looks.now()
    for is_on in (True, False):
        looks.button.tap()
        expect(looks.button).to_have_attribute("aria-pressed", "true" if is_on else "false")
    assert looks.now()[:3] == rest[:3]
