"""What belongs to a person in moderation: flags and verdicts."""

from madang.core.ownership import NOTHING_MORE, NoRowsOfGuests, NotExported, Owned, Rows, Stays

from .models import Flag
from .operations.merging import merge_flags

GUESTS_CANNOT_FLAG = NoRowsOfGuests("Guests cannot flag.")
# Without the moderator who resolved it.
FLAG_COLUMNS = (
    Flag.id,
    Flag.post_id,
    Flag.comment_id,
    Flag.reason,
    Flag.note,
    Flag.created_at,
    Flag.verdict,
    Flag.settled_at,
    Flag.reply,
)

OWNED = (
    Owned(
        column=Flag.flagger_id,
        export=Rows("flags.json", FLAG_COLUMNS),
        on_merge=merge_flags,
        on_delete=Stays("Moderators decide on the flag, whoever raised it."),
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_CANNOT_FLAG,
    ),
    Owned(
        column=Flag.settled_by_id,
        export=NotExported("The verdict is in staff_actions.json."),
        on_merge=merge_flags,
        on_delete=Stays("The record of moderation stays complete."),
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_CANNOT_FLAG,
    ),
)
