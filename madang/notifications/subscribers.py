"""React to events: notify people, publish to open pages, end streams."""

from madang.accounts.events import (
    AccountsMerged,
    GuestDeleted,
    RoleChanged,
    SessionsEnded,
    UserDeleted,
)
from madang.boards.events import BoardReadersChanged
from madang.boards.queries import is_read_by_group, restricted_board_ids
from madang.comments.events import CommentDeleted, CommentPosted
from madang.comments.models import Comment
from madang.core.clock import now
from madang.core.db import db
from madang.core.queue import Job
from madang.core.queue.events import JobFinished, JobProgressed, PurgeDue
from madang.groups.events import MembershipBegan, MembershipEnded
from madang.messages.events import ConversationLeft, MessagePosted, UnreadMessagesChanged
from madang.messages.queries.conversations import has_read_all
from madang.posts.events import AnswerPosted, AnswerUnaccepted, PostDeleted, PostMoved, PostPublished
from madang.posts.models import Post
from madang.votes.events import CommentVoted, PostVoted

from . import jobs
from .kinds import EVENT_KINDS, Ids
from .operations.notifying import UNREAD_MESSAGE_COUNT, mark_group_read, publish_count, purge
from .operations.stream import (
    end_all_streams,
    end_streams,
    end_streams_of_topic,
    new_posts_topic,
    publish,
    set_state,
)


class NotifyOf:
    """A subscriber that notifies the people whom an event concerns, each by the first of `kinds` that names them.

    It enqueues a job with the ids of the event, or runs it at once, as the kinds say by their `delay`.
    """

    def __init__(self, *names: str) -> None:
        self.kinds = [EVENT_KINDS[name] for name in names]
        (self.delay,) = {kind.delay for kind in self.kinds}  # kinds with different delays need a subscription each

    def __call__(self, event: object) -> None:
        kinds = [kind.name for kind in self.kinds if kind.is_caused_by(event)]
        if not kinds:
            return
        ids = _ids_of(event)
        if self.delay is None:
            jobs.notify.function(kinds=kinds, ids=ids)
        else:
            jobs.notify.enqueue(delay=self.delay, kinds=kinds, ids=ids)


def _ids_of(event: object) -> Ids:
    values = {name: getattr(event, name) for name in type(event).__annotations__ if name.endswith("_id")}
    return {name: value for name, value in values.items() if value is not None}


def on_post_published(event: PostPublished) -> None:
    """Publish the post to open lists, which know by its board, kind and tags whether it belongs to them."""
    post = db.session.get_one(Post, event.post_id)
    payload = {
        "post_id": post.id,
        "board_id": post.board_id,
        "kind": post.kind,
        "tags": post.tag_names.split(),
        "author_id": event.author_id,
    }
    publish(new_posts_topic(post.board_id), "post_published", payload, now=now())


def on_board_readers_changed(event: BoardReadersChanged) -> None:
    """End all streams, since nobody knows who listens to what stands on the board: those who still may reconnect."""
    end_all_streams(now=now())
    jobs.forget_board.enqueue(board_id=event.board_id)


def on_membership_began(event: MembershipBegan) -> None:
    """End the person's streams if the group sees a board, so that they reconnect and hear of its posts too."""
    if is_read_by_group(event.group_id):
        end_streams(event.user_id, None, now=now())


def on_membership_ended(event: MembershipEnded) -> None:
    """End the person's streams, and forget their notifications, if the group sees a board."""
    if is_read_by_group(event.group_id):
        end_streams(event.user_id, None, now=now())
        jobs.forget_hidden.enqueue(user_id=event.user_id)


def on_post_moved(event: PostMoved) -> None:
    """End the streams of the post's readers if not everybody may see its board."""
    board_id = db.session.get_one(Post, event.post_id).board_id
    if board_id in restricted_board_ids():
        end_streams_of_topic(f"post:{event.post_id}", now=now())
        jobs.forget_board.enqueue(board_id=board_id)


def on_answer_posted(event: AnswerPosted) -> None:
    """Publish the answer to open pages of the question."""
    payload = {"post_id": event.question_id, "answer_id": event.post_id, "author_id": event.author_id}
    publish(f"post:{event.question_id}", "answer_posted", payload, now=now())


def on_post_deleted(event: PostDeleted) -> None:
    jobs.delete_post_notifications.enqueue(post_id=event.post_id)


def on_comment_deleted(event: CommentDeleted) -> None:
    jobs.delete_comment_notifications.enqueue(comment_id=event.comment_id)


def on_post_voted(event: PostVoted) -> None:
    """Publish the score to open pages of the post; take a vote that was taken back out of the notifications."""
    post = db.session.get_one(Post, event.post_id)
    payload = {"id": f"{'answer' if post.is_answer else 'post'}-{post.id}", "score": post.score}
    publish(f"post:{post.parent_id or post.id}", "score_changed", payload, now=now())
    if event.before > 0 >= event.after:
        jobs.retract_vote.enqueue(actor_id=event.actor_id, post_id=event.post_id)


def on_comment_voted(event: CommentVoted) -> None:
    """As `on_post_voted`, for comments."""
    comment = db.session.get_one(Comment, event.comment_id)
    post = db.session.get_one(Post, comment.post_id)
    payload = {"id": f"comment-{comment.id}", "score": comment.score}
    publish(f"post:{post.parent_id or post.id}", "score_changed", payload, now=now())
    if event.before > event.after:
        jobs.retract_vote.enqueue(actor_id=event.actor_id, comment_id=event.comment_id)


def on_answer_unaccepted(event: AnswerUnaccepted) -> None:
    jobs.retract_acceptance.enqueue(answer_id=event.answer_id)


def on_comment_posted(event: CommentPosted) -> None:
    """Publish the comment to open pages of the post or of its question."""
    post = db.session.get_one(Post, event.post_id)
    payload = {
        "post_id": post.parent_id or post.id,
        "on_post_id": post.id,
        "comment_id": event.comment_id,
        "author_id": event.author_id,
    }
    publish(f"post:{payload['post_id']}", "comment_posted", payload, now=now())


def on_sessions_ended(event: SessionsEnded) -> None:
    end_streams(event.user_id, event.session_ids, now=now())


def on_user_deleted(event: UserDeleted) -> None:
    end_streams(event.user_id, None, now=now())


def on_guest_deleted(event: GuestDeleted) -> None:
    end_streams(event.user_id, None, now=now())


def on_role_changed(event: RoleChanged) -> None:
    """End the person's streams, so that they reconnect with the permissions of the new role."""
    end_streams(event.user_id, None, now=now())
    jobs.forget_hidden.enqueue(user_id=event.user_id)


def on_accounts_merged(event: AccountsMerged) -> None:
    end_streams(event.source_id, None, now=now())


def on_job_progressed(event: JobProgressed) -> None:
    state = {"job_id": event.job_id, "progress": event.progress, "state": event.state}
    set_state(event.owner_id, "job_progress", state, subject=str(event.job_id), now=now())


def on_job_finished(event: JobFinished) -> None:
    """Publish the outcome to the open pages of the job's owner."""
    job = db.session.get_one(Job, event.job_id)
    state = {"job_id": job.id, "progress": job.progress, "state": event.state}
    set_state(event.owner_id, "job_progress", state, subject=str(job.id), now=now())


def on_purge_due(event: PurgeDue) -> None:
    purge(now=event.moment)


def on_message_posted(event: MessagePosted) -> None:
    """Publish the message to open pages of the conversation."""
    payload = {"conversation_id": event.conversation_id, "message_id": event.message_id, "author_id": event.author_id}
    publish(f"conversation:{event.conversation_id}", "message_posted", payload, now=now())


def on_unread_messages_changed(event: UnreadMessagesChanged) -> None:
    """Update the inbox badge in every tab; mark the conversation's notifications as read once it is read."""
    publish_count(event.user_id, UNREAD_MESSAGE_COUNT, now=now())
    if event.conversation_id is not None and has_read_all(event.conversation_id, event.user_id):
        mark_group_read(f"conversation:{event.conversation_id}", user_id=event.user_id, now=now())


def on_conversation_left(event: ConversationLeft) -> None:
    """End the person's streams, so that they reconnect without this conversation."""
    end_streams(event.user_id, None, now=now())
