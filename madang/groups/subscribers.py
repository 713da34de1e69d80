"""React to events of accounts: memberships by the domain of an address."""

from madang.accounts.events import AccountsMerged, AddressChanged
from madang.accounts.models import User
from madang.core.clock import now
from madang.core.db import db

from .operations.domains import update_memberships


def on_address_changed(event: AddressChanged) -> None:
    update_memberships(db.session.get_one(User, event.user_id), now=now())


def on_accounts_merged(event: AccountsMerged) -> None:
    """The remaining account may have taken over a membership by an address that is not its own."""
    update_memberships(db.session.get_one(User, event.target_id), now=now())
