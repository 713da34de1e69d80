"""Edit profiles: name, biography, website, picture; and set language and time zone."""

from typing import IO
from urllib.parse import urlsplit

from madang.core.actor import Actor
from madang.core.db import after_commit, db
from madang.core.errors import raise_if_invalid, require, too_long_error
from madang.core.events import emit
from madang.core.i18n import _, zones
from madang.core.markdown.renderer import render
from madang.core.markdown.visible import printed
from madang.core.site import offered_locales
from madang.core.storage import pictures
from madang.core.text import clean_body, clean_line

from ..events import UserRenamed
from ..models import BIO_MAX, DISPLAY_NAME_MAX, LOCATION_MAX, WEBSITE_MAX, User
from ..policies.accounts import can_edit_profile
from ..queries.users import existing_usernames
from .checks import display_name_error

REGIONS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def edit_profile(user: User, *, actor: Actor, display_name: str, bio: str, website: str, location: str) -> None:
    """Change a person's public profile. An empty display name becomes the username.

    Raises `InvalidInput` for each wrong field, and `Forbidden`.
    """
    _require_editor(user, actor)
    display_name, location = clean_line(display_name) or user.username[:DISPLAY_NAME_MAX], clean_line(location)
    bio, website = clean_body(bio), _with_scheme(clean_line(website))
    is_renamed = display_name != user.display_name
    name_error = display_name_error(display_name, username=user.username, role=user.role, besides=user.id)
    raise_if_invalid(
        display_name=name_error if is_renamed else None,
        bio=too_long_error(bio, BIO_MAX),
        website=website_error(website),
        location=too_long_error(location, LOCATION_MAX),
    )
    bio_html = render(bio, mentions=existing_usernames, field="bio") if bio else ""
    user.display_name, user.website, user.location = display_name, website, location
    user.bio, user.bio_html = printed(bio, bio_html)
    db.session.flush()
    if is_renamed:
        emit(UserRenamed(user.id))


def _require_editor(user: User, actor: Actor) -> None:
    require(can_edit_profile(actor, user), _("You cannot change this profile right now."))


def _with_scheme(address: str) -> str:
    return f"https://{address}" if address and "://" not in address and "." in address else address


def website_error(address: str) -> str | None:
    """The error of a website's address. Only http and https are allowed, since other schemes can run scripts."""
    if len(address) > WEBSITE_MAX:
        return too_long_error(address, WEBSITE_MAX)
    return None if not address or _is_website(address) else _("Please enter an address like https://example.org.")


def _is_website(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in address


def set_avatar(user: User, stream: IO[bytes], *, actor: Actor) -> None:
    """Set a person's picture from `stream`. Raises `InvalidInput` (file) and `Forbidden`."""
    _require_editor(user, actor)
    picture = pictures.store_avatar(stream)
    _delete_picture_after_commit(user)
    user.avatar_file = picture.name
    db.session.flush()


def remove_avatar(user: User) -> None:
    """Remove a person's picture; pages then draw one from the name."""
    _delete_picture_after_commit(user)
    user.avatar_file = None
    db.session.flush()


def _delete_picture_after_commit(user: User) -> None:
    if name := user.avatar_file:
        after_commit(lambda: pictures.delete_files(name))


def set_preferences(user: User, *, locale: str, timezone: str) -> None:
    """Set language and time zone. Empty values mean the browser's and the site's. Raises `InvalidInput`."""
    raise_if_invalid(
        locale=None if locale in ("", *offered_locales()) else _("Please choose a language."),
        timezone=None if timezone == "" or timezone in zones() else _("Please choose a time zone."),
    )
    user.locale, user.timezone = locale or None, timezone or None
    db.session.flush()


def zone_names() -> list[str]:
    """The time zones named after places, and UTC first."""
    return ["UTC", *sorted(name for name in zones() if name.startswith(REGIONS))]
