"""What belongs to a person in imports: which account of another site is theirs."""

from madang.core.ownership import NOTHING_MORE, Move, NoRowsOfGuests, Owned, Rows, Stays

from .models import ImportedRow

OWNED = (
    Owned(
        column=ImportedRow.local_id,
        where=ImportedRow.kind == "user",
        export=Rows("imported_accounts.json", (ImportedRow.source, ImportedRow.external_id)),
        on_merge=Move(),  # so that a newer dump adds its rows to the remaining account
        on_delete=Stays("Without it, a newer dump would create the deleted account again."),
        on_removal=NOTHING_MORE,
        on_guest_delete=NoRowsOfGuests("An import creates accounts only."),
    ),
)
