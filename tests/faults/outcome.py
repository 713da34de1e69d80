"""What must be true of a site after writes that were acknowledged, whatever happened meanwhile."""

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import func, select, update

from madang.accounts.models import User
from madang.comments.models import Comment
from madang.core.queue.models import UNFINISHED, Job
from madang.following.models import Follow
from madang.messages.models import Message
from madang.notifications.models.tables import Notification, NotificationReceipt
from madang.posts.models import Post
from madang.votes.models import PostVote

from .people import Person
from .site import Site, number_in, soon
from .writing import WORDS_IN_TEXT, Acknowledged

NOTIFY = "notifications.notify"


def assert_all_is_there_once(site: Site, acknowledged: Acknowledged) -> None:
    """Wait for the jobs, and compare the database with what was acknowledged; the site must run."""
    _assert_all_jobs_end(site)
    _assert_everything_is_stored(site, acknowledged)
    _assert_states_are_the_last_ones(site, acknowledged)
    _assert_each_notification_was_sent_once(site, acknowledged)
    _assert_counters_are_correct(site)


def _waiting(site: Site) -> list:
    """The jobs that are due and not done."""
    due = Job.run_at <= datetime.now(UTC)
    return site.rows(select(Job.id, Job.name, Job.state, Job.worker, Job.error).where(Job.state.in_(UNFINISHED), due))


def _assert_all_jobs_end(site: Site) -> None:
    """Wait for the jobs that are due, as long as their number changes."""
    while left := len(_waiting(site)):
        assert soon(lambda left=left: len(_waiting(site)) != left), _waiting(site)[:10]


def _assert_everything_is_stored(site: Site, acknowledged: Acknowledged) -> None:
    """Each text is stored once, although clients repeat requests without a response; each job is done."""
    texts = {
        "questions": select(Post.title).where(Post.kind == "question"),
        "answers": select(Post.body).where(Post.parent_id.is_not(None)),
        "comments": select(Comment.body),
        "messages": select(Message.body).where(Message.author_id.is_not(None)),
    }
    for kind, statement in texts.items():
        assert sorted(row[0] for row in site.rows(statement)) == sorted(getattr(acknowledged, kind)), kind
    visitor = Person("", site.port)
    assert {visitor.get(path).status for path in set(acknowledged.pictures)} <= {200}
    jobs = site.rows(select(Job.id, Job.state, Job.result, Job.error, Job.name))
    counted = {job.id: job for job in jobs if job.name == "tools.count_words"}
    assert counted.keys() == acknowledged.jobs.keys()
    for job_id, word in acknowledged.jobs.items():
        job = counted[job_id]
        assert (job.state, job.result["words"]) == ("done", WORDS_IN_TEXT), (word, job)
    assert not [job for job in jobs if job.error or job.state == "failed"]


def _assert_states_are_the_last_ones(site: Site, acknowledged: Acknowledged) -> None:
    """Votes and follows are as their members set them last."""
    names = {row.id: row.username for row in site.rows(select(User.id, User.username))}
    votes = {(names[row.user_id], row.post_id) for row in site.rows(select(PostVote.user_id, PostVote.post_id))}
    assert votes == {(name, number_in(path)) for (name, path), value in acknowledged.votes.items() if value}
    person = select(Follow.follower_id, Follow.target_id).where(Follow.kind == "person")
    follows = {(names[row.follower_id], names[row.target_id]) for row in site.rows(person)}
    assert follows == {names for names, is_on in acknowledged.follows.items() if is_on}


def _assert_each_notification_was_sent_once(site: Site, acknowledged: Acknowledged) -> None:
    """For authors of questions and answers, owners of jobs and, two minutes later, recipients of messages."""
    notifying = [row.arguments for row in site.rows(select(Job.arguments).where(Job.name == NOTIFY))]
    message_jobs = [arguments["ids"] for arguments in notifying if arguments["kinds"] == ["message_received"]]
    ids = sorted(row.id for row in site.rows(select(Message.id).where(Message.author_id.is_not(None))))
    assert sorted(arguments["message_id"] for arguments in message_jobs) == ids
    site.change(update(Job).where(Job.name == NOTIFY, Job.state == "queued").values(run_at=datetime.now(UTC)))
    _assert_all_jobs_end(site)

    receipts = Counter(row.dedupe_key.split(":")[0] for row in site.rows(select(NotificationReceipt.dedupe_key)))
    listed: Counter[str] = Counter()
    for row in site.rows(select(Notification.name, Notification.payload).where(Notification.is_activity)):
        listed[row.name] += row.payload["count"]
    wanted = {
        "message": len(ids),
        "post": len(acknowledged.answers),
        "comment": len(acknowledged.comments),
        "job": len(acknowledged.jobs),
    }
    assert {kind: receipts[kind] for kind in wanted} == wanted
    assert listed["answer_posted"] == wanted["post"]
    assert listed["comment_posted"] == wanted["comment"]
    assert listed["job_finished"] == wanted["job"]
    assert listed["message_received"] == 0  # messages are not listed as activity
    assert site.rows(select(Message.id).where(Message.author_id.is_(None))) == []  # a job notifies once, by the bell


def _assert_counters_are_correct(site: Site) -> None:
    counted = site.madang("check", "--counts")
    assert counted.returncode == 0, counted.stdout + counted.stderr
    for column in (User.unread_message_count, User.unread_notification_count):
        badge = select(User.username, column, Notification.payload).join(Notification, Notification.user_id == User.id)
        badges = site.rows(badge.where(Notification.state_key == column.key))
        assert len(badges) >= site.rows(select(func.count()).where(column > 0))[0][0]
        assert [row.payload["count"] for row in badges] == [row[1] for row in badges]
