"""The table of event subscriptions. Each subscriber runs in the transaction of the event."""

from .accounts import subscribers as accounts
from .accounts.events import (
    AccountsMerged,
    AccountsMergeStarted,
    AddressChanged,
    EmailReplaced,
    GuestDeleted,
    RoleChanged,
    SessionsEnded,
    StaffActionTaken,
    UserDeleted,
    UserRenamed,
    UserSignedUp,
)
from .admin import subscribers as admin
from .backups.events import BackupFailed
from .boards import subscribers as boards
from .boards.events import BoardDeleted, BoardMathChanged, BoardReadersChanged
from .comments import subscribers as comments
from .comments.events import CommentDeleted, CommentEdited, CommentPosted, CommentRestored
from .core.events import SubscriptionTable
from .core.queue.events import JobFinished, JobProgressed, PurgeDue
from .following import subscribers as following
from .following.events import PersonFollowed
from .groups import subscribers as groups
from .groups.events import (
    GroupDeleted,
    MemberAdded,
    MemberInvited,
    MemberRemoved,
    MembershipBegan,
    MembershipEnded,
    MembershipRequested,
    RequestDeclined,
)
from .jobs import subscribers as jobs
from .messages.events import ConversationLeft, MessagePosted, PersonBlocked, UnreadMessagesChanged
from .moderation import subscribers as moderation
from .moderation.events import ContentFlagged, FlagsResolved, FlagWithdrawn
from .notifications import subscribers as notifications
from .notifications.subscribers import NotifyOf
from .posts import events as on
from .posts import subscribers as posts
from .search import subscribers as search
from .tags.events import TagDeleted, TagRenamed, TagsMerged
from .todos.events import TodoDue
from .votes import subscribers as votes
from .votes.events import CommentVoted, PostVoted

SUBSCRIPTIONS: SubscriptionTable = {
    UserSignedUp: [accounts.on_user_signed_up, search.on_user_signed_up],
    UserRenamed: [search.on_user_renamed],
    UserDeleted: [accounts.on_user_deleted, search.on_user_deleted, notifications.on_user_deleted],
    RoleChanged: [notifications.on_role_changed],
    EmailReplaced: [accounts.on_email_replaced],
    AddressChanged: [groups.on_address_changed],
    AccountsMergeStarted: [votes.on_accounts_merge_started],
    AccountsMerged: [
        groups.on_accounts_merged,
        search.on_accounts_merged,
        following.on_accounts_merged,
        notifications.on_accounts_merged,
    ],
    StaffActionTaken: [admin.on_staff_action_taken],
    GuestDeleted: [notifications.on_guest_deleted],
    SessionsEnded: [notifications.on_sessions_ended],
    on.PostPublished: [
        search.on_post_published,
        following.on_post_published,
        notifications.on_post_published,
        NotifyOf("mentioned"),
    ],
    on.PostEdited: [search.on_post_edited, following.on_post_edited, NotifyOf("answer_posted", "mentioned")],
    on.PostMoved: [
        comments.on_post_moved,
        search.on_post_moved,
        following.on_post_moved,
        notifications.on_post_moved,
    ],
    on.PostDeleted: [search.on_post_deleted, notifications.on_post_deleted, moderation.on_post_deleted],
    on.PostRestored: [search.on_post_restored, following.on_post_restored],
    on.AnswerPosted: [
        search.on_answer_posted,
        following.on_answer_posted,
        notifications.on_answer_posted,
        NotifyOf("answer_posted", "mentioned", "followed_question_answered"),
    ],
    on.AnswerAccepted: [votes.on_answer_accepted, NotifyOf("answer_accepted")],
    on.AnswerUnaccepted: [votes.on_answer_unaccepted, notifications.on_answer_unaccepted],
    BoardMathChanged: [admin.on_board_math_changed],
    GroupDeleted: [boards.on_group_deleted],
    MembershipBegan: [notifications.on_membership_began],
    MembershipEnded: [notifications.on_membership_ended],
    BoardReadersChanged: [notifications.on_board_readers_changed],
    BoardDeleted: [following.on_board_deleted],
    TagsMerged: [following.on_tags_merged],
    TagDeleted: [following.on_tag_deleted],
    TagRenamed: [posts.on_tag_renamed],
    CommentPosted: [
        search.on_comment_posted,
        notifications.on_comment_posted,
        NotifyOf("comment_posted", "mentioned"),
    ],
    CommentEdited: [search.on_comment_edited],
    CommentDeleted: [
        search.on_comment_deleted,
        notifications.on_comment_deleted,
        moderation.on_comment_deleted,
    ],
    CommentRestored: [search.on_comment_restored],
    PostVoted: [votes.on_post_voted, notifications.on_post_voted, NotifyOf("post_voted")],
    CommentVoted: [notifications.on_comment_voted, NotifyOf("post_voted")],
    ContentFlagged: [moderation.on_content_flagged],
    FlagWithdrawn: [moderation.on_flag_withdrawn],
    FlagsResolved: [moderation.on_flags_resolved],
    MessagePosted: [notifications.on_message_posted, NotifyOf("message_received")],
    UnreadMessagesChanged: [notifications.on_unread_messages_changed],
    PersonBlocked: [following.on_person_blocked],
    PersonFollowed: [NotifyOf("person_followed")],
    ConversationLeft: [notifications.on_conversation_left],
    MembershipRequested: [NotifyOf("group_requested")],
    MemberInvited: [NotifyOf("group_invited")],
    MemberAdded: [NotifyOf("membership_changed")],
    RequestDeclined: [NotifyOf("membership_changed")],
    MemberRemoved: [NotifyOf("membership_changed")],
    TodoDue: [NotifyOf("todo_due")],
    JobProgressed: [notifications.on_job_progressed],
    JobFinished: [notifications.on_job_finished, NotifyOf("job_finished")],
    BackupFailed: [NotifyOf("backup_failed")],
    PurgeDue: [accounts.on_purge_due, posts.on_purge_due, jobs.on_purge_due, notifications.on_purge_due],
}
