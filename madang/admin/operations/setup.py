"""Site setup: with the setup code from the terminal, create the administrator and name the site."""

from datetime import datetime

from madang.accounts.events import AddressChanged
from madang.accounts.models import User
from madang.accounts.operations.signing_up import account_errors, sign_up
from madang.accounts.queries.actors import actor_of
from madang.accounts.queries.users import has_users
from madang.boards.models import Board
from madang.boards.operations.counting import insert_first_boards
from madang.core.errors import Conflict, raise_if_invalid
from madang.core.events import emit
from madang.core.i18n import LOCALES, _, use_locale
from madang.core.site import is_setup_code, set_site, site, site_locale
from madang.core.text import clean_line

from .first_notice import publish_first_notice

SITE_NAME_MAX = 60


def set_up_site(
    *, code: str, site_name: str, locale: str, username: str, email: str, password: str, password2: str, now: datetime
) -> User:
    """Set up the site: create the administrator, the first boards and a notice, store the site's name.

    Raises `InvalidInput` for each wrong field, and `Conflict` if the site is set up already.
    """
    is_code_valid = is_setup_code(code)
    if has_users():
        raise Conflict(_("This site has already been set up. Please log in."))
    site_name = clean_line(site_name)
    errors = {
        "code": None if is_code_valid else _("This is not the code the server printed. Please check it."),
        "site_name": None
        if 1 <= len(site_name) <= SITE_NAME_MAX
        else _("Site names have 1 to %(count)s characters.", count=SITE_NAME_MAX),
        "locale": None if locale in LOCALES else _("Please choose a language."),
    }
    if any(errors.values()):
        raise_if_invalid(**errors, **account_errors(username, email, password, password2))
    admin = sign_up(
        username=username, email=email, password=password, password2=password2, locale=locale, role="admin", now=now
    )
    admin.email_confirmed_at = now
    _open_site_of(admin, name=site_name, locale=locale, now=now)
    return admin


def _open_site_of(admin: User, *, name: str, locale: str, now: datetime) -> None:
    with use_locale(locale):
        boards = open_site(name=name, locale=locale, now=now)
        publish_first_notice(boards[0], actor=actor_of(admin), now=now)


def open_site(*, name: str, locale: str, now: datetime) -> list[Board]:
    """Create the first boards, store the site's name and language, and mark the site as set up.

    Returns the boards, that of notices first.
    """
    boards = insert_first_boards(now)
    set_site(name=name, locale=locale, is_set_up="yes", setup_code_hash="")
    return boards


def make_admin(*, username: str, email: str, password: str, site_name: str, locale: str | None, now: datetime) -> User:
    """Create an administrator from the command line; also sets up a site that is new.

    Without `locale` the account has the site's default language.
    """
    locale = locale or site_locale()
    is_new = not site().is_set_up
    admin = sign_up(
        username=username, email=email, password=password, password2=password, locale=locale, role="admin", now=now
    )
    admin.email_confirmed_at = now
    emit(AddressChanged(admin.id))
    if is_new:
        _open_site_of(admin, name=site_name, locale=locale, now=now)
    return admin
