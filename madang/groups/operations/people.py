"""The people whom somebody names, to add or invite them."""

import re

from madang.accounts.models import User
from madang.accounts.queries.users import accounts_named
from madang.core.errors import InvalidInput
from madang.core.i18n import _, number

SEPARATORS = re.compile(r"[\s,;、，]+")
MAX_AT_ONCE = 20  # in a request; more are added by a job
MAX_NAMES = 10_000
NAMES_SHOWN = 3


def parse_names(text: str) -> list[str]:
    """Split a text at commas, semicolons and spaces into usernames, without duplicates and a leading @."""
    names = [name.removeprefix("@") for name in SEPARATORS.split(text)]
    return list({name.casefold(): name for name in names if name}.values())


def check_name_count(names: list[str], most: int) -> None:
    """Raise `InvalidInput` (usernames) unless there are 1 to `most` names."""
    if not names:
        raise InvalidInput(_("Please enter a username."), field="usernames")
    if len(names) > most:
        raise InvalidInput(
            _("These are %(count)s names. Please enter at most %(most)s.", count=number(len(names)), most=number(most)),
            field="usernames",
        )


def get_people(names: list[str]) -> list[User]:
    """The accounts of 1 to `MAX_AT_ONCE` names, by id. Raises `InvalidInput` (usernames) if there is none of a name."""
    check_name_count(names, MAX_AT_ONCE)
    people = accounts_named(names)
    unknown = [name for name in names if name not in people]
    if unknown:
        message = _("No one here is called %(names)s. Please check the name.", names=joined(unknown))
        raise InvalidInput(message, field="usernames")
    return sorted({person.id: person for person in people.values()}.values(), key=lambda person: person.id)


def joined(names: list[str]) -> str:
    """The first of some names that somebody typed."""
    shown = ", ".join(name[:30] for name in names[:NAMES_SHOWN])
    return f"{shown}…" if len(names) > NAMES_SHOWN else shown
