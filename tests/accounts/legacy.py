"""Accounts as earlier versions of Madang made them."""

from madang.accounts.models import User
from madang.accounts.policies.look_alikes import skeleton
from madang.core.db import transaction
from tests.people import Person


def set_username(person: Person, username: str) -> None:
    """Give an account a username that cannot be chosen any more."""
    with person.app.app_context(), transaction() as session:
        account = session.get_one(User, person.id)
        account.username, account.username_key = username, skeleton(username)
    person.username = username
