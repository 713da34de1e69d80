"""Validation of a post's title, body and tags."""

from typing import NamedTuple

from madang.core.errors import InvalidInput
from madang.core.i18n import _, ngettext
from madang.core.markdown.renderer import MAX_BODY
from madang.core.markdown.visible import shows, shows_picture
from madang.core.settings import setting
from madang.core.text import clean_body, clean_line, count_visible
from madang.tags.operations.tagging import parse_tags

from ..models import TAGS_MAX, TITLE_MAX
from .rendering import render_body


class CheckedPost(NamedTuple):
    """The cleaned and checked input of a post, with its rendered body."""

    title: str
    body: str
    html: str
    tags: list[str]


def check_post(kind: str, *, title: str, body: str, tags: str, uses_math: bool) -> CheckedPost:
    """Clean the title, body and tags of a post, render the body, and check their lengths and number.

    What counts of a body is what its HTML shows. Raises `InvalidInput` with an error for every wrong field.
    """
    errors: dict[str, str] = {}
    title, body, html = clean_line(title), clean_body(body), ""
    if kind == "answer":
        title, tags = "", ""
    elif count_visible(title) < setting("TITLE_MIN") or len(title) > TITLE_MAX:
        errors["title"] = _("Titles have %(least)s to %(most)s characters.", least=setting("TITLE_MIN"), most=TITLE_MAX)
    if len(body) > MAX_BODY:
        errors["body"] = _(
            "This text has %(has)s characters; the limit is %(count)s. Please shorten it.",
            has=len(body),
            count=MAX_BODY,
        )
    names: list[str] = []
    try:
        names = parse_tags(tags, max_count=TAGS_MAX)
    except InvalidInput as error:
        errors.update(error.fields)
    if "body" not in errors:
        html = _render(kind, body, errors, uses_math=uses_math)
    if errors:
        raise InvalidInput(fields=errors)
    return CheckedPost(title, body, html, names)


def _render(kind: str, body: str, errors: dict[str, str], *, uses_math: bool) -> str:
    """The HTML of a body; adds to `errors` that it shows too little or passes a bound of the renderer."""
    try:
        html = render_body(body, uses_math=uses_math, field="body")
    except InvalidInput as error:
        errors.update(error.fields)
        return ""
    if not shows(html, least_length(kind)):
        errors["body"] = too_short_error(least_length(kind))
    return html


def least_length(kind: str) -> int:
    """The number of characters that a text of this kind of post must show."""
    names = {"question": "QUESTION_MIN", "answer": "ANSWER_MIN"}
    return int(setting(names[kind])) if kind in names else 1


def too_short_error(least: int) -> str:
    """The error of a text that shows fewer than `least` characters."""
    return ngettext(
        "Please write a little more: at least %(num)s character.",
        "Please write a little more: at least %(num)s characters.",
        least,
    )


def require_picture(kind: str, html: str) -> None:
    """Raise `InvalidInput` (body) for a gallery post without a picture."""
    if kind == "gallery" and not shows_picture(html):
        raise InvalidInput(_("Posts on this board need a picture. Please add one to the text."), field="body")
