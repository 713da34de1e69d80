"""Describe a tag."""

from madang.accounts.operations.staff_actions import record_staff_action
from madang.accounts.queries.users import existing_usernames
from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.errors import raise_if_invalid, require, too_long_error
from madang.core.i18n import _
from madang.core.markdown.renderer import render
from madang.core.markdown.visible import printed
from madang.core.text import clean_body, clean_line

from ..models import DESCRIPTION_MAX, Tag
from ..policies import can_describe_tag

EXCERPT_MAX = 300


def describe_tag(tag: Tag, *, actor: Actor, excerpt: str, description: str) -> None:
    """Set the one-sentence excerpt of a tag for lists, and the Markdown description for its page.

    Raises `Forbidden` and `InvalidInput` (excerpt, description).
    """
    excerpt, description = clean_line(excerpt), clean_body(description)
    html = render(description, mentions=existing_usernames, field="description") if description else ""
    description, html = printed(description, html)
    lock_row(tag)
    require(can_describe_tag(actor), _("Only moderators can describe tags."))
    if (excerpt, description) == (tag.excerpt, tag.description):
        return
    raise_if_invalid(
        excerpt=too_long_error(excerpt, EXCERPT_MAX), description=too_long_error(description, DESCRIPTION_MAX)
    )
    tag.excerpt, tag.description, tag.description_html = excerpt, description, html
    db.session.flush()
    record_staff_action("describe_tag", "tag", tag.id, actor=actor, name=tag.name)
