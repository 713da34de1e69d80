"""Whether rendered HTML shows anything: its text, a picture or a formula."""

import re

from madang.core.text import prints

from .sanitizer import plain_text

PICTURE = re.compile(r'<img (?:[^>"]|"[^"]*")*?\bsrc="[^"]')
FORMULA = "<math"


def shows_picture(markup: str) -> bool:
    """Whether sanitized HTML shows a picture, hosted here or elsewhere."""
    return PICTURE.search(markup) is not None


def shows(markup: str, least: int = 1) -> bool:
    """Whether sanitized HTML shows at least `least` characters that print, or a picture or formula.

    Empty elements, links without a text, comments, rules and characters that print nothing do not count.
    """
    return shows_picture(markup) or FORMULA in markup or prints(plain_text(markup), least)


def printed(source: str, markup: str) -> tuple[str, str]:
    """A text and its HTML, both empty if the HTML shows nothing; for texts that may be empty."""
    return (source, markup) if shows(markup) else ("", "")
