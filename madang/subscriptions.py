"""THE TABLE: what follows from what. Each subscriber writes in the transaction of the event itself."""

from .accounts import subscribers as accounts
from .accounts.events import PersonalDataAsked, UserDeleted, UserSignedUp
from .comments import subscribers as comments
from .core.events import Table
from .posts import subscribers as posts
from .posts.events import AnswerAccepted, AnswerUnaccepted
from .votes import subscribers as votes
from .votes.events import PostVoted

SUBSCRIPTIONS: Table = {
    UserSignedUp: [accounts.on_user_signed_up],
    UserDeleted: [posts.on_user_deleted],
    PersonalDataAsked: [
        posts.on_personal_data_asked,
        comments.on_personal_data_asked,
        votes.on_personal_data_asked,
    ],
    PostVoted: [votes.on_post_voted],
    AnswerAccepted: [votes.on_answer_accepted],
    AnswerUnaccepted: [votes.on_answer_unaccepted],
}
