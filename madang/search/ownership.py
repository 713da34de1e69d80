"""What belongs to a person in search: the document by which they are found."""

from madang.core.ownership import BY_FOREIGN_KEY, DELETE_ROWS, NOTHING_MORE, Drop, NotExported, Owned

from .models import SearchDocument

OWNED = (
    Owned(
        column=SearchDocument.user_id,
        export=NotExported("It repeats the profile, which is in profile.json."),
        on_merge=Drop("Only the remaining account is found."),
        on_delete=DELETE_ROWS,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
)
