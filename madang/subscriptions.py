"""THE TABLE: what follows from what. Each subscriber writes in the transaction of the event itself."""

from .core.events import Table
from .posts.events import AnswerAccepted, AnswerUnaccepted
from .votes import subscribers as votes
from .votes.events import PostVoted

SUBSCRIPTIONS: Table = {
    PostVoted: [votes.on_post_voted],
    AnswerAccepted: [votes.on_answer_accepted],
    AnswerUnaccepted: [votes.on_answer_unaccepted],
}
