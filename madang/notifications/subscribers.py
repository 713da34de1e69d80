"""What the board's events mean for those who shall hear of them."""

from sqlalchemy import select

from madang.accounts.events import (
    AccountsMerged,
    GuestDeleted,
    PersonalDataAsked,
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
from .models.tables import Notification, NotificationPreferences
from .operations.merging import merge_told
from .operations.notifying import UNREAD_MESSAGES, forget_person, mark_group_read, publish_count, purge
from .operations.stream import end_streams, publish, set_state
from .sentences import say


def on_post_published(event: PostPublished) -> None:
    jobs.notify_about_post.enqueue(post_id=event.post_id)


def on_answer_posted(event: AnswerPosted) -> None:
    """Whoever has the question open sees that there is a new answer."""
    jobs.notify_about_answer.enqueue(post_id=event.post_id)
    payload = {"post_id": event.question_id, "answer_id": event.post_id, "author_id": event.author_id}
    publish(f"post:{event.question_id}", "answer_posted", payload, now=now())


def on_post_edited(event: PostEdited) -> None:
    jobs.notify_about_post.enqueue(post_id=event.post_id)


def on_post_deleted(event: PostDeleted) -> None:
    jobs.forget_post.enqueue(post_id=event.post_id)


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


def on_personal_data_asked(event: PersonalDataAsked) -> None:
    """What the bell says, and what the person wants to be told."""
    columns = (Notification.name, Notification.payload, Notification.created_at, Notification.read_at)
    told = select(*columns).where(Notification.user_id == event.user_id, Notification.is_activity)
    event.archive.add_rows("notifications.json", told.order_by(Notification.id))
    wishes = select(NotificationPreferences.choices, NotificationPreferences.digest)
    mine = NotificationPreferences.user_id == event.user_id
    event.archive.add_rows("notification_preferences.json", wishes.where(mine))


def on_user_deleted(event: UserDeleted | GuestDeleted) -> None:
    forget_person(event.user_id)
    end_streams(event.user_id, None, now=now())


def on_role_changed(event: RoleChanged) -> None:
    """What the person's open pages listen to is asked anew."""
    end_streams(event.user_id, None, now=now())


def on_accounts_merged(event: AccountsMerged) -> None:
    merge_told(event.kept_id, event.gone_id, now=now())
    end_streams(event.gone_id, None, now=now())


def on_job_progressed(event: JobProgressed) -> None:
    state = {"job_id": event.job_id, "progress": event.progress, "state": event.state}
    set_state(event.owner_id, "job_progress", state, subject=str(event.job_id), now=now())


def on_job_finished(event: JobFinished) -> None:
    """The owner is told how it ended, unless they ended it themselves."""
    job = db.session.get_one(Job, event.job_id)
    state = {"job_id": job.id, "progress": job.progress, "state": event.state}
    set_state(event.owner_id, "job_progress", state, subject=str(job.id), now=now())
    if event.state == "cancelled":
        return
    thing = f"job:{job.id}:{now():%Y%m%d%H%M%S%f}"  # its end is written once; one that is run again ends again
    payload = {"job_id": job.id, "job_name": job.name, "state": event.state, "url": f"/jobs/{job.id}"}
    owner = db.session.get(User, event.owner_id)
    if owner is None:  # a guest who has gone meanwhile
        return
    with use_locale(owner.locale):
        words = say("job_finished", "", "", payload)
        write_system_message(owner.id, body=f"[{words}]({payload['url']})", now=now())
    jobs.tell_alone(owner.id, "job_finished", thing, payload, now=now())


def on_todo_due(event: TodoDue) -> None:
    """What a person wanted to be reminded of; the moment may be set anew, and is then told again."""
    todo = db.session.get_one(Todo, event.todo_id)
    thing = f"todo:{todo.id}:{todo.remind_at:%Y%m%d%H%M}"
    payload = {"todo_id": todo.id, "title": todo.title, "url": f"/todos#todo-{todo.id}"}
    jobs.tell_alone(event.user_id, "todo_due", thing, payload, now=now())


def on_purge_due(event: PurgeDue) -> None:
    purge(now=event.moment)


def on_message_posted(event: MessagePosted) -> None:
    """The open conversation shows it at once; whoever has not read it a little later is sent a mail."""
    payload = {"conversation_id": event.conversation_id, "message_id": event.message_id, "author_id": event.author_id}
    publish(f"conversation:{event.conversation_id}", "message_posted", payload, now=now())
    if event.author_id is not None and event.receiver_ids:
        jobs.notify_about_message.enqueue(delay=jobs.READ_WITHIN, message_id=event.message_id)


def on_unread_messages_changed(event: UnreadMessagesChanged) -> None:
    """The inbox in every tab; and what the bell said of the conversation, once it is read."""
    publish_count(event.user_id, UNREAD_MESSAGES, now=now())
    if event.conversation_id is not None and has_read_all(event.conversation_id, event.user_id):
        mark_group_read(f"conversation:{event.conversation_id}", user_id=event.user_id, now=now())


def on_conversation_left(event: ConversationLeft) -> None:
    """Who has left hears nothing more of it; what else they listen to begins anew."""
    end_streams(event.user_id, None, now=now())
