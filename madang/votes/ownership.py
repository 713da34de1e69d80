"""What belongs to a person in votes."""

from sqlalchemy import Select, literal, null, select, union_all

from madang.core.i18n import ngettext
from madang.core.ownership import Move, NoRowsOfGuests, Owned, Query, Removal, Stays

from .models import CommentVote, PostVote
from .operations.retraction import count_votes_of, retract_votes


def _votes_of(user_id: int) -> Select:
    on_posts = select(PostVote.post_id, null().label("comment_id"), PostVote.value, PostVote.created_at).where(
        PostVote.user_id == user_id
    )
    on_comments = select(
        null().label("post_id"), CommentVote.comment_id, literal(1).label("value"), CommentVote.created_at
    ).where(CommentVote.user_id == user_id)
    return select(union_all(on_posts, on_comments).subquery())


VOTES = Query("votes.json", _votes_of)
VOTES_COUNT = Stays("Scores and reputation are the sum of the votes; a vote is shown without its voter.")
GUESTS_CANNOT_VOTE = NoRowsOfGuests("Guests cannot vote.")
RETRACTION = Removal(
    name="votes",
    label=lambda count: ngettext("%(num)s vote", "%(num)s votes", count),
    count=count_votes_of,
    remove_next=lambda user_id, _actor, _now, limit: retract_votes(user_id, limit=limit),
)

# Votes that would become a second vote, or one on an own post, are retracted before (`on_accounts_merge_started`).
OWNED = (
    Owned(
        column=PostVote.user_id,
        export=VOTES,
        on_merge=Move(),
        on_delete=VOTES_COUNT,
        on_removal=RETRACTION,
        on_guest_delete=GUESTS_CANNOT_VOTE,
    ),
    Owned(
        column=CommentVote.user_id,
        export=VOTES,
        on_merge=Move(),
        on_delete=VOTES_COUNT,
        on_removal=RETRACTION,
        on_guest_delete=GUESTS_CANNOT_VOTE,
    ),
)
