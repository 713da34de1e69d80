"""What belongs to a person in comments."""

from madang.core.i18n import ngettext
from madang.core.ownership import NOTHING_MORE, Move, NoRowsOfGuests, NotExported, Owned, Removal, Rows, Stays

from .models import Comment
from .operations.content_removal import count_comments_of, remove_next_comments

GUESTS_CANNOT_COMMENT = NoRowsOfGuests("Guests cannot comment.")
COMMENT_COLUMNS = (
    Comment.id,
    Comment.post_id,
    Comment.parent_id,
    Comment.body,
    Comment.score,
    Comment.created_at,
    Comment.edited_at,
    Comment.deleted_at,
)

OWNED = (
    Owned(
        column=Comment.author_id,
        export=Rows("comments.json", COMMENT_COLUMNS),
        on_merge=Move(clear=Comment.fingerprint),
        on_delete=Stays("Others have replied to it; it is shown under “deleted user”."),
        on_removal=Removal(
            name="comments",
            label=lambda count: ngettext("%(num)s comment", "%(num)s comments", count),
            count=count_comments_of,
            remove_next=remove_next_comments,
        ),
        on_guest_delete=GUESTS_CANNOT_COMMENT,
    ),
    Owned(
        column=Comment.deleted_by_id,
        export=NotExported("Deletions of own comments are in comments.json, those by staff in staff_actions.json."),
        on_merge=Move(),
        on_delete=Stays("Moderators must see whether the author or staff deleted a comment."),
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_CANNOT_COMMENT,
    ),
)
