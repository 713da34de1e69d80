"""Validate usernames, display names and e-mail addresses. Each function returns a translated error message, or None."""

from collections.abc import Collection

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from madang.core.actor import STAFF
from madang.core.db import db
from madang.core.email_addresses import LOCAL_PART_MAX, email_key, is_plain_address, local_part, sendable_address
from madang.core.errors import too_long_error
from madang.core.i18n import _
from madang.core.settings import setting
from madang.core.site import site

from ..models import DISPLAY_NAME_MAX, EMAIL_MAX, KEY_MAX, User
from ..policies.claims import claims_role
from ..policies.look_alikes import name_keys, skeleton
from ..policies.usernames import is_handle, username_problem
from ..queries.taken_names import taken_keys
from ..queries.users import is_name_with_ending, keys_beside

OF_LETTERS = ("mixed_scripts", "like_ascii")  # problems that are said if nobody has a name that looks alike


def username_error(username: str, *, besides: int | None = None) -> str | None:
    """The error of a username: its characters, its length, or that an account other than `besides` has or had it."""
    problem = username_problem(username)
    if problem in ("too_short", "too_long"):
        return _("Usernames have 3 to 30 characters, or at least 2 with Korean, Chinese or Japanese characters.")
    if problem == "reserved":
        return _kept_name_error()
    if problem == "like_number":
        return _("A username cannot be just a number. Please add a letter.")
    if problem == "like_handle":
        return _("This looks like a guest's name. Please choose another.")
    if problem == "like_address":
        return _("A username cannot look like a web address. Please choose another.")
    if problem not in (None, *OF_LETTERS) or len(skeleton(username)) > KEY_MAX:
        return _("Usernames contain only letters and digits, with single _ . or - between them.")
    if taken_keys(keys_beside(username), besides=besides):
        return _("This name is taken, or looks too much like an existing one. Please choose another.")
    if problem == "mixed_scripts":
        return _("Usernames use the letters of one script. Korean, Chinese and Japanese may be combined with A to Z.")
    if problem == "like_ascii":
        return _("This name looks like one in the letters A to Z. Please use lower case, or choose another.")
    if is_name_with_ending(username, besides=besides):
        return _("This reads like another member's name with an ending. Please choose another.")
    return _kept_name_error() if claims_role(username, site_name_keys(besides=besides)) else None


def handle_error(handle: str) -> str | None:
    """The error of a guest's handle that somebody typed: that it claims to be staff or the site."""
    return _kept_name_error() if claims_role(handle, site_name_keys()) else None


def _kept_name_error() -> str:
    return _("This name is reserved. Please choose another.")


def display_name_error(name: str, *, username: str, role: str, besides: int | None = None) -> str | None:
    """The error of a new display name: its length, or that it claims to be staff other than `besides`, or the site."""
    if too_long := too_long_error(name, DISPLAY_NAME_MAX):
        return too_long
    return _kept_name_error() if impersonates_site(name, username=username, role=role, besides=besides) else None


def title_error(title: str, *, role: str) -> str | None:
    """The error of a title that stands where names of people do: that it claims to be staff, the site or a guest."""
    if role in STAFF or not (is_handle(title) or claims_role(title, site_name_keys())):
        return None
    return _kept_name_error()


def impersonates_site(name: str, *, username: str, role: str, besides: int | None = None) -> bool:
    """Whether a display name claims to be staff, the site or a guest. Staff may, and the username is no such claim."""
    return role not in STAFF and is_kept_name(name, username=username, kept=site_name_keys(besides=besides))


def is_kept_name(name: str, *, username: str, kept: Collection[str]) -> bool:
    """Whether a member's display name claims to be staff, the site or a guest; `kept` are the `site_name_keys`."""
    return not name_keys(name) <= name_keys(username) and (is_handle(name) or claims_role(name, kept))


def site_name_keys(*, besides: int | None = None) -> frozenset[str]:
    """The keys of the names of staff other than `besides`, and of the site."""
    staff = select(User.id, User.username, User.display_name).where(User.role.in_(STAFF), User.deleted_at.is_(None))
    names = (name for row in db.session.execute(staff) if row.id != besides for name in row[1:])
    return frozenset(key for name in (site().name, *names) for key in name_keys(name) if key)


def email_error(email: str, *, besides: int | None = None) -> str | None:
    """The error of an e-mail address, or that it is taken by an account other than `besides`."""
    if problem := new_email_error(email):
        return problem
    taken = db.session.scalar(select(User.id).where(User.email_key == email_key(email)))
    if taken is not None and taken != besides:
        return _("There is already an account with this address. You can log in or reset your password.")
    return None


def new_email_error(email: str) -> str | None:
    """The error of an e-mail address to which mail is to be sent; whether it is taken is not said."""
    if problem := email_format_error(email):
        return problem
    if not (local_part(email).isascii() or setting("MAIL_SMTPUTF8")):
        return _(
            "We cannot send mail to addresses with letters other than a to z before the @. Please use another address."
        )
    return None


def email_format_error(email: str) -> str | None:
    """The error of an e-mail address's format."""
    return None if _is_email(email) else _("This does not look like an e-mail address. Please check it.")


def _is_email(email: str) -> bool:
    # The length comes first: the validator takes minutes for a very long address. The ASCII form is the longer one.
    forms = (email, email_key(email), sendable_address(email))
    if len(local_part(email).encode()) > LOCAL_PART_MAX or max(len(form.encode()) for form in forms) > EMAIL_MAX:
        return False
    if not is_plain_address(sendable_address(email)):
        return False
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
