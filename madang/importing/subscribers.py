"""What accounts cause in the notes of imports."""

from sqlalchemy import update

from madang.accounts.events import AccountsMerged
from madang.core.db import db

from .models import ImportedRow


def on_accounts_merged(event: AccountsMerged) -> None:
    """A newer dump brings the person's rows to the account that stays."""
    theirs = (ImportedRow.kind == "user") & (ImportedRow.local_id == event.gone_id)
    change = update(ImportedRow).where(theirs).values(local_id=event.kept_id)
    db.session.execute(change.execution_options(synchronize_session=False))
