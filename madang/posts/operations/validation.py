"""Validation of a post's title, body and tags."""

from madang.core.errors import InvalidInput
from madang.core.i18n import _, ngettext
from madang.core.markdown.renderer import MAX_BODY
from madang.core.text import clean_body, clean_line
from madang.tags.operations.tagging import parse_tags

from ..models import BODY_MIN, TAGS_MAX, TITLE_MAX, TITLE_MIN
from .rendering import has_picture


def check_words(kind: str, *, title: str, body: str, tags: str) -> tuple[str, str, list[str]]:
    """Clean the title, body and tags of a post, and check their lengths and number.

    Returns the title, the body and the tag names. Raises `InvalidInput` with an error for every wrong field.
    """
    errors: dict[str, str] = {}
    title, body = clean_line(title), clean_body(body)
    if kind == "answer":
        title, tags = "", ""
    elif not TITLE_MIN <= len(title) <= TITLE_MAX:
        errors["title"] = _("A title has %(least)s to %(most)s characters.", least=TITLE_MIN, most=TITLE_MAX)
    minimum = BODY_MIN[kind]
    if len(body.strip()) < minimum:
        errors["body"] = ngettext(
            "Please write a little more: at least %(num)s character.",
            "Please write a little more: at least %(num)s characters.",
            minimum,
        )
    elif len(body) > MAX_BODY:
        errors["body"] = _(
            "This text has %(has)s characters; %(count)s is the most. Please shorten it.", has=len(body), count=MAX_BODY
        )
    names: list[str] = []
    try:
        names = parse_tags(tags, max_count=TAGS_MAX)
    except InvalidInput as error:
        errors.update(error.fields)
    if errors:
        raise InvalidInput(fields=errors)
    return title, body, names


def require_picture(kind: str, html: str) -> None:
    """Raise `InvalidInput` (body) for a gallery post without a picture."""
    if kind == "gallery" and not has_picture(html):
        raise InvalidInput(_("A post of this board shows a picture. Please add one to the text."), field="body")
