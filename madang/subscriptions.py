"""THE TABLE: what follows from what. Each subscriber writes in the transaction of the event itself."""

from .accounts import subscribers as accounts
from .accounts.events import PersonalDataAsked, UserDeleted, UserRenamed, UserSignedUp
from .comments import subscribers as comments
from .comments.events import CommentDeleted, CommentEdited, CommentPosted, CommentRestored
from .core.events import Table
from .posts import events as on
from .posts import subscribers as posts
from .search import subscribers as search
from .votes import subscribers as votes
from .votes.events import PostVoted

SUBSCRIPTIONS: Table = {
    UserSignedUp: [accounts.on_user_signed_up, search.on_sign_up],
    UserRenamed: [search.on_name_changed],
    UserDeleted: [posts.on_user_deleted, search.on_name_changed],
    PersonalDataAsked: [posts.on_personal_data_asked, comments.on_personal_data_asked, votes.on_personal_data_asked],
    on.PostPublished: [search.on_post_written],
    on.PostEdited: [search.on_post_written],
    on.PostMoved: [search.on_post_written],
    on.PostDeleted: [search.on_post_hidden_or_shown],
    on.PostRestored: [search.on_post_hidden_or_shown],
    on.AnswerPosted: [search.on_post_written],
    on.AnswerAccepted: [votes.on_answer_accepted],
    on.AnswerUnaccepted: [votes.on_answer_unaccepted],
    CommentPosted: [search.on_comment],
    CommentEdited: [search.on_comment],
    CommentDeleted: [search.on_comment],
    CommentRestored: [search.on_comment],
    PostVoted: [votes.on_post_voted],
}
