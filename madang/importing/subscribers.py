"""Subscribers that keep imported rows pointing at the right accounts."""

from sqlalchemy import update

from madang.accounts.events import AccountsMerged
from madang.core.db import db

from .models import ImportedRow


def on_accounts_merged(event: AccountsMerged) -> None:
    """Map the person of a dump to the remaining account, so that a newer dump adds its rows there."""
    is_merged_user = (ImportedRow.kind == "user") & (ImportedRow.local_id == event.source_id)
    change = update(ImportedRow).where(is_merged_user).values(local_id=event.target_id)
    db.session.execute(change.execution_options(synchronize_session=False))
