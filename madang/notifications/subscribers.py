"""React to events: enqueue notification jobs, publish to open pages, end streams."""

from madang.accounts.events import (
    AccountsMerged,
    GuestDeleted,
    RoleChanged,
    SessionsEnded,
    UserDeleted,
)
from madang.accounts.models import User
from madang.comments.events import CommentPosted
from madang.core.clock import now
from madang.core.db import db
from madang.core.i18n import use_locale
from madang.core.queue import Job
from madang.core.queue.events import JobFinished, JobProgressed, PurgeDue
from madang.following.events import PersonFollowed
from madang.messages.events import ConversationLeft, MessagePosted, UnreadMessagesChanged
from madang.messages.operations.writing import write_system_message
from madang.messages.queries.conversations import has_read_all
from madang.posts.events import AnswerAccepted, AnswerPosted, PostDeleted, PostEdited, PostPublished
from madang.posts.models import Post
from madang.todos.events import TodoDue
from madang.todos.models import Todo
from madang.votes.events import CommentVoted, PostVoted

from . import jobs
from .operations.notifying import UNREAD_MESSAGE_COUNT, mark_group_read, publish_count, purge
from .operations.stream import end_streams, publish, set_state
from .sentences import notification_sentence


def on_post_published(event: PostPublished) -> None:
    jobs.notify_about_post.enqueue(post_id=event.post_id)


def on_answer_posted(event: AnswerPosted) -> None:
    """Notify people, and publish the answer to open pages of the question."""
    jobs.notify_about_answer.enqueue(post_id=event.post_id)
    payload = {"post_id": event.question_id, "answer_id": event.post_id, "author_id": event.author_id}
    publish(f"post:{event.question_id}", "answer_posted", payload, now=now())


def on_post_edited(event: PostEdited) -> None:
    jobs.notify_about_post.enqueue(post_id=event.post_id)


def on_post_deleted(event: PostDeleted) -> None:
    jobs.delete_post_notifications.enqueue(post_id=event.post_id)


def on_comment_posted(event: CommentPosted) -> None:
    jobs.notify_about_comment.enqueue(comment_id=event.comment_id)
    post = db.session.get_one(Post, event.post_id)
    payload = {"post_id": post.parent_id or post.id, "comment_id": event.comment_id, "author_id": event.author_id}
    publish(f"post:{payload['post_id']}", "comment_posted", payload, now=now())


def on_answer_accepted(event: AnswerAccepted) -> None:
    jobs.notify_about_acceptance.enqueue(answer_id=event.answer_id)


def on_post_voted(event: PostVoted) -> None:
    if event.after > event.before and event.after > 0:
        jobs.notify_about_vote.enqueue(post_id=event.post_id, voter_id=event.actor_id)


def on_comment_voted(event: CommentVoted) -> None:
    if event.after > event.before:
        jobs.notify_about_comment_vote.enqueue(comment_id=event.comment_id, voter_id=event.actor_id)


def on_person_followed(event: PersonFollowed) -> None:
    jobs.notify_about_follower.enqueue(follower_id=event.follower_id, user_id=event.user_id)


def on_sessions_ended(event: SessionsEnded) -> None:
    end_streams(event.user_id, event.session_ids, now=now())


def on_user_deleted(event: UserDeleted) -> None:
    end_streams(event.user_id, None, now=now())


def on_guest_deleted(event: GuestDeleted) -> None:
    end_streams(event.user_id, None, now=now())


def on_role_changed(event: RoleChanged) -> None:
    """End the person's streams, so that they reconnect with the permissions of the new role."""
    end_streams(event.user_id, None, now=now())


def on_accounts_merged(event: AccountsMerged) -> None:
    end_streams(event.source_id, None, now=now())


def on_job_progressed(event: JobProgressed) -> None:
    state = {"job_id": event.job_id, "progress": event.progress, "state": event.state}
    set_state(event.owner_id, "job_progress", state, subject=str(event.job_id), now=now())


def on_job_finished(event: JobFinished) -> None:
    """Notify the owner of the outcome, unless they cancelled the job."""
    job = db.session.get_one(Job, event.job_id)
    state = {"job_id": job.id, "progress": job.progress, "state": event.state}
    set_state(event.owner_id, "job_progress", state, subject=str(job.id), now=now())
    if event.state == "cancelled":
        return
    dedupe_key = f"job:{job.id}:{now():%Y%m%d%H%M%S%f}"  # with the time: a job that is run again notifies again
    payload = {"job_id": job.id, "job_name": job.name, "state": event.state, "url": f"/jobs/{job.id}"}
    owner = db.session.get(User, event.owner_id)
    if owner is None:  # a guest who was deleted meanwhile
        return
    with use_locale(owner.locale):
        text = notification_sentence("job_finished", "", "", payload)
        write_system_message(owner.id, body=f"[{text}]({payload['url']})", now=now())
    jobs.notify_one(owner.id, "job_finished", dedupe_key, payload, now=now())


def on_todo_due(event: TodoDue) -> None:
    """Notify the person of a reminder; one whose time was changed notifies again."""
    todo = db.session.get_one(Todo, event.todo_id)
    dedupe_key = f"todo:{todo.id}:{todo.remind_at:%Y%m%d%H%M}"
    payload = {"todo_id": todo.id, "title": todo.title, "url": f"/todos#todo-{todo.id}"}
    jobs.notify_one(event.user_id, "todo_due", dedupe_key, payload, now=now())


def on_purge_due(event: PurgeDue) -> None:
    purge(now=event.moment)


def on_message_posted(event: MessagePosted) -> None:
    """Publish to open pages of the conversation; notify members who have not read it after a delay."""
    payload = {"conversation_id": event.conversation_id, "message_id": event.message_id, "author_id": event.author_id}
    publish(f"conversation:{event.conversation_id}", "message_posted", payload, now=now())
    if event.author_id is not None and event.receiver_ids:
        jobs.notify_about_message.enqueue(delay=jobs.MESSAGE_MAIL_DELAY, message_id=event.message_id)


def on_unread_messages_changed(event: UnreadMessagesChanged) -> None:
    """Update the inbox badge in every tab; mark the conversation's notifications as read once it is read."""
    publish_count(event.user_id, UNREAD_MESSAGE_COUNT, now=now())
    if event.conversation_id is not None and has_read_all(event.conversation_id, event.user_id):
        mark_group_read(f"conversation:{event.conversation_id}", user_id=event.user_id, now=now())


def on_conversation_left(event: ConversationLeft) -> None:
    """End the person's streams, so that they reconnect without this conversation."""
    end_streams(event.user_id, None, now=now())
