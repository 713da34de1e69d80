"""Choose the recipients of each kind of notification and notify them; called by jobs after the event's commit.

Each function checks the current state: nobody is notified of a post deleted meanwhile or a vote withdrawn meanwhile.
Each returns the mails to send.
"""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import select

from madang.accounts.models import User
from madang.accounts.policies.usernames import skeleton
from madang.accounts.queries.users import existing_usernames
from madang.comments.models import COMMENT_VISIBLE, Comment
from madang.core.db import db
from madang.core.markdown.renderer import mentioned_names
from madang.following.models import PERSON, QUESTION, Follow
from madang.messages.models import Message
from madang.messages.queries.messages import unread_member_ids
from madang.messages.queries.people import blocks_among
from madang.posts.models import VISIBLE, Post
from madang.votes.models import CommentVote, PostVote

from ..models.tables import Payload
from .notifying import notify

FOLLOWERS_BATCH_SIZE = 200

Mails = list[tuple[int, str, Payload]]


def notify_about_post(post_id: int, *, now: datetime) -> Mails:
    """A new or edited post: notify the question's author of an answer, and the people it mentions."""
    post = _get_public_post(post_id)
    if post is None:
        return []
    payload = {"actor_id": post.author_id, "post_id": post.id, "url": f"/posts/{post.id}"}
    reasons = dict.fromkeys(_mentioned_ids(post.body), "mentioned")
    if post.is_answer:
        question = db.session.get_one(Post, post.parent_id)
        payload["question_id"] = question.id
        reasons[question.author_id] = "answer_posted"
    groups = {"answer_posted": f"answers:{post.parent_id}", "mentioned": f"mentioned:post:{post.id}"}
    return _notify_all(reasons, f"post:{post.id}", groups, payload, post.author_id, now=now)


def notify_followers_of_answer(answer_id: int, after: int, *, now: datetime) -> tuple[Mails, int | None]:
    """An answer: notify a batch of followers of its question, those with a follow id above `after`.

    Also returns the last follow id, or None if no followers are left. People notified of the answer for another reason
    are not notified again.
    """
    answer = _get_public_post(answer_id)
    if answer is None or answer.parent_id is None:
        return [], None
    follows = select(Follow.id, Follow.follower_id).where(
        Follow.kind == QUESTION, Follow.target_id == answer.parent_id, Follow.id > after
    )
    rows = db.session.execute(follows.order_by(Follow.id).limit(FOLLOWERS_BATCH_SIZE)).all()
    payload = {
        "actor_id": answer.author_id, "post_id": answer.id, "question_id": answer.parent_id,
        "url": f"/posts/{answer.id}",
    }  # fmt: skip
    reasons: dict[int | None, str] = dict.fromkeys((row.follower_id for row in rows), "followed_question_answered")
    groups = {"followed_question_answered": f"followed:{answer.parent_id}"}
    mails = _notify_all(reasons, f"post:{answer.id}", groups, payload, answer.author_id, now=now)
    return mails, rows[-1].id if len(rows) == FOLLOWERS_BATCH_SIZE else None


def notify_about_follower(follower_id: int, user_id: int, *, now: datetime) -> Mails:
    """A new follower: notify the followed person, grouped with other new followers."""
    follow = (Follow.follower_id == follower_id) & (Follow.kind == PERSON) & (Follow.target_id == user_id)
    username = db.session.scalar(
        select(User.username).where(User.id == user_id, select(Follow.id).where(follow).exists())
    )
    if username is None:
        return []
    payload = {"actor_id": follower_id, "url": f"/users/{quote(username)}/followers"}
    reasons: dict[int | None, str] = {user_id: "person_followed"}
    return _notify_all(
        reasons, f"follower:{follower_id}", {"person_followed": "followers"}, payload, follower_id, now=now
    )


def notify_about_comment(comment_id: int, *, now: datetime) -> Mails:
    """A comment: notify the authors of the post and of the parent comment, and the people it mentions."""
    comment = db.session.get(Comment, comment_id)
    post = _get_public_post(comment.post_id) if comment is not None and comment.state == COMMENT_VISIBLE else None
    if comment is None or post is None:
        return []
    reasons: dict[int | None, str] = dict.fromkeys(_mentioned_ids(comment.body), "mentioned")
    reasons[post.author_id] = "comment_posted"
    if comment.parent_id is not None:
        reasons[db.session.get_one(Comment, comment.parent_id).author_id] = "comment_posted"
    payload = {
        "actor_id": comment.author_id, "post_id": post.id, "comment_id": comment.id, "url": f"/comments/{comment.id}",
    }  # fmt: skip
    groups = {"comment_posted": f"comments:{post.id}", "mentioned": f"mentioned:comment:{comment.id}"}
    return _notify_all(reasons, f"comment:{comment.id}", groups, payload, comment.author_id, now=now)


def notify_about_acceptance(answer_id: int, *, now: datetime) -> Mails:
    """An accepted answer: notify its author."""
    answer = _get_public_post(answer_id)
    question = db.session.get(Post, answer.parent_id) if answer is not None else None
    if answer is None or question is None or question.accepted_answer_id != answer.id:
        return []
    payload = {
        "actor_id": question.author_id, "post_id": answer.id, "question_id": question.id, "url": f"/posts/{answer.id}",
    }  # fmt: skip
    dedupe_key = f"accepted:{answer.id}"
    reasons: dict[int | None, str] = {answer.author_id: "answer_accepted"}
    return _notify_all(reasons, dedupe_key, {"answer_accepted": dedupe_key}, payload, question.author_id, now=now)


def notify_about_vote(post_id: int, voter_id: int, *, now: datetime) -> Mails:
    """A vote for a post: notify its author, grouped with other votes."""
    post = _get_public_post(post_id)
    vote = db.session.get(PostVote, (voter_id, post_id)) if post is not None else None
    if post is None or vote is None or vote.value < 1:
        return []
    payload = {"actor_id": voter_id, "post_id": post.id, "url": f"/posts/{post.id}"}
    groups = {"post_voted": f"votes:post:{post.id}"}
    reasons: dict[int | None, str] = {post.author_id: "post_voted"}
    return _notify_all(reasons, f"vote:post:{post.id}:{voter_id}", groups, payload, voter_id, now=now)


def notify_about_comment_vote(comment_id: int, voter_id: int, *, now: datetime) -> Mails:
    """A vote for a comment: notify its author, grouped with other votes."""
    comment = db.session.get(Comment, comment_id)
    vote = db.session.get(CommentVote, (voter_id, comment_id))
    if comment is None or vote is None or comment.state != COMMENT_VISIBLE or _get_public_post(comment.post_id) is None:
        return []
    payload = {
        "actor_id": voter_id, "post_id": comment.post_id, "comment_id": comment.id, "url": f"/comments/{comment.id}",
    }  # fmt: skip
    groups = {"post_voted": f"votes:comment:{comment.id}"}
    reasons: dict[int | None, str] = {comment.author_id: "post_voted"}
    return _notify_all(reasons, f"vote:comment:{comment.id}:{voter_id}", groups, payload, voter_id, now=now)


def notify_about_message(message_id: int, *, now: datetime) -> Mails:
    """A message: notify the members who have not read it and chose a channel for it."""
    message = db.session.get(Message, message_id)
    if message is None or message.author_id is None:
        return []
    readers = unread_member_ids(message)
    url = f"/messages/{message.conversation_id}"
    payload = {"actor_id": message.author_id, "conversation_id": message.conversation_id, "url": url}
    reasons: dict[int | None, str] = dict.fromkeys(readers, "message_received")
    groups = {"message_received": f"conversation:{message.conversation_id}"}
    dedupe_key = f"message:{message.id}:{message.created_at:%Y%m%d%H%M%S}"  # with the time: SQLite reuses ids
    return _notify_all(reasons, dedupe_key, groups, payload, message.author_id, now=now)


def _notify_all(
    reasons: dict[int | None, str],
    dedupe_key: str,
    groups: dict[str, str],
    payload: Payload,
    author_id: int | None,
    *,
    now: datetime,
) -> Mails:
    """Notify each person with their own kind, except the author and people who blocked the author.

    `reasons` holds the kind by person id, `groups` the group by kind.
    """
    mails: Mails = []
    people = [person for person in reasons if person is not None and person != author_id]
    _blocked, blockers = blocks_among(author_id, people) if author_id is not None else (set(), set())
    for user_id in sorted(set(people) - set(blockers)):
        name = reasons[user_id]
        channels = notify(
            user_id,
            name,
            dedupe_key=dedupe_key,
            group=groups[name],
            payload=payload,
            post_id=payload.get("post_id"),
            now=now,
        )
        if "email" in channels:
            mails.append((user_id, name, payload))
    return mails


def _get_public_post(post_id: int) -> Post | None:
    """Return the post if it is visible to everybody."""
    post = db.session.get(Post, post_id)
    if post is None or post.state != VISIBLE:
        return None
    if post.parent_id is not None and db.session.get_one(Post, post.parent_id).state != VISIBLE:
        return None
    return post


def _mentioned_ids(body: str) -> Iterable[int | None]:
    names = mentioned_names(body, mentions=existing_usernames)
    if not names:
        return []
    keys = [skeleton(name) for name in names]
    return list(db.session.scalars(select(User.id).where(User.username_key.in_(keys), User.deleted_at.is_(None))))
