"""THE TABLE: what follows from what. Each subscriber writes in the transaction of the event itself."""

from .accounts.events import UserDeleted, UserRenamed, UserSignedUp
from .comments.events import CommentDeleted, CommentEdited, CommentPosted, CommentRestored
from .core.events import Table
from .posts.events import (
    AnswerAccepted,
    AnswerPosted,
    AnswerUnaccepted,
    PostDeleted,
    PostEdited,
    PostMoved,
    PostPublished,
    PostRestored,
)
from .search import subscribers as search
from .votes import subscribers as votes
from .votes.events import PostVoted

SUBSCRIPTIONS: Table = {
    UserSignedUp: [search.on_sign_up],
    UserRenamed: [search.on_name_changed],
    UserDeleted: [search.on_name_changed],
    PostPublished: [search.on_post_written],
    AnswerPosted: [search.on_post_written],
    PostEdited: [search.on_post_written],
    PostMoved: [search.on_post_written],
    PostDeleted: [search.on_post_hidden_or_shown],
    PostRestored: [search.on_post_hidden_or_shown],
    CommentPosted: [search.on_comment],
    CommentEdited: [search.on_comment],
    CommentDeleted: [search.on_comment],
    CommentRestored: [search.on_comment],
    PostVoted: [votes.on_post_voted],
    AnswerAccepted: [votes.on_answer_accepted],
    AnswerUnaccepted: [votes.on_answer_unaccepted],
}
