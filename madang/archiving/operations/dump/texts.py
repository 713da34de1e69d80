"""Texts and authors as the format has them."""

import re
from urllib.parse import urljoin

from sqlalchemy import Row

from madang.accounts.queries.users import shown_name
from madang.core.actor import GUEST
from madang.core.i18n import _
from madang.core.markdown.soft_breaks import harden_breaks
from madang.core.settings import setting
from madang.importing.operations.site_links import TAG

from ..addresses import replace_addresses
from .folder import Values

OWN_ADDRESS = re.compile(r'(?<= )(href|src)="(/[^"]*)"')


def markdown(source: str) -> str:
    """Markdown of a post, which reads elsewhere as here: a single line break there is a space."""
    return escaped_tags(harden_breaks(source))


def escaped_tags(source: str) -> str:
    """Markdown in which `[tag:x]`, which means nothing here, becomes no link there."""
    return TAG.sub(lambda found: "\\" * bool(found["tag"]) + found[0], source) if "tag:" in source else source


def html(source: str) -> str:
    """HTML with absolute addresses, if the site knows its own."""
    site_url = setting("SITE_URL")
    if not site_url:
        return source
    return replace_addresses(source, OWN_ADDRESS, lambda found: f'{found[1]}="{urljoin(site_url, found[2])}"')


def tag_list(names: str) -> str | None:
    """`<one><two>` of tag names with spaces between them; None if there are none."""
    return "".join(f"<{name}>" for name in names.split()) or None


def author(row: Row, user_id: str, name: str) -> Values:
    """The attribute for the author of a row: the id of an account, else the name that pages show."""
    if row.author_username is None or row.author_is_deleted:
        return {name: row.author_name or _("deleted user")}
    if row.author_role == GUEST:
        return {name: shown_name(row.author_username, "", GUEST)}
    return {user_id: row.author_id}
