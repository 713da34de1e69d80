"""Who is told of what happened on the board: run by jobs, after the event's own commit.

Each of these looks at how things are now: what was taken away meanwhile, or a vote that was taken back, is told nobody.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from madang.accounts.models import User
from madang.accounts.policies.usernames import skeleton
from madang.accounts.queries.users import existing_usernames
from madang.comments.models import VISIBLE as COMMENT_VISIBLE
from madang.comments.models import Comment
from madang.core.db import db
from madang.core.markdown.renderer import mentioned
from madang.following.models import PERSON, QUESTION, Follow
from madang.messages.models import Message
from madang.messages.queries.messages import unread_by
from madang.messages.queries.people import blocks_among
from madang.posts.models import VISIBLE, Post
from madang.votes.models import CommentVote, PostVote

from .notifying import notify

FOLLOWERS_AT_ONCE = 200

Mails = list[tuple[int, str, dict[str, Any]]]


def notify_about_post(post_id: int, *, now: datetime) -> Mails:
    """A post, an answer or an edited one: its question's author, and whom it mentions."""
    post = _visible(post_id)
    if post is None:
        return []
    payload = {"actor_id": post.author_id, "post_id": post.id, "url": f"/posts/{post.id}"}
    reasons = dict.fromkeys(_mentioned_ids(post.body), "mentioned")
    if post.is_answer:
        question = db.session.get_one(Post, post.parent_id)
        payload["question_id"] = question.id
        reasons[question.author_id] = "answer_posted"
    groups = {"answer_posted": f"answers:{post.parent_id}", "mentioned": f"mentioned:post:{post.id}"}
    return _tell_all(reasons, f"post:{post.id}", groups, payload, post.author_id, now=now)


def notify_followers_of_answer(answer_id: int, after: int, *, now: datetime) -> tuple[Mails, int | None]:
    """An answer: those who follow its question, some hundred at once, from the follow of number `after` on.

    Returns the number to go on from, too; None where nobody is left. Whoever was told of it for another reason is not
    told again.
    """
    answer = _visible(answer_id)
    if answer is None or answer.parent_id is None:
        return [], None
    follows = select(Follow.id, Follow.follower_id).where(
        Follow.kind == QUESTION, Follow.target_id == answer.parent_id, Follow.id > after
    )
    rows = db.session.execute(follows.order_by(Follow.id).limit(FOLLOWERS_AT_ONCE)).all()
    payload = {
        "actor_id": answer.author_id, "post_id": answer.id, "question_id": answer.parent_id,
        "url": f"/posts/{answer.id}",
    }  # fmt: skip
    reasons: dict[int | None, str] = dict.fromkeys((row.follower_id for row in rows), "followed_question_answered")
    groups = {"followed_question_answered": f"followed:{answer.parent_id}"}
    mails = _tell_all(reasons, f"post:{answer.id}", groups, payload, answer.author_id, now=now)
    return mails, rows[-1].id if len(rows) == FOLLOWERS_AT_ONCE else None


def notify_about_follower(follower_id: int, user_id: int, *, now: datetime) -> Mails:
    """Somebody began to follow a person: that person, in one line with the others."""
    theirs = (Follow.follower_id == follower_id) & (Follow.kind == PERSON) & (Follow.target_id == user_id)
    username = db.session.scalar(
        select(User.username).where(User.id == user_id, select(Follow.id).where(theirs).exists())
    )
    if username is None:
        return []
    payload = {"actor_id": follower_id, "url": f"/users/{quote(username)}/followers"}
    reasons: dict[int | None, str] = {user_id: "person_followed"}
    return _tell_all(
        reasons, f"follower:{follower_id}", {"person_followed": "followers"}, payload, follower_id, now=now
    )


def notify_about_comment(comment_id: int, *, now: datetime) -> Mails:
    """A comment: the author of the post, of the comment that it answers, and whom it mentions."""
    comment = db.session.get(Comment, comment_id)
    post = _visible(comment.post_id) if comment is not None and comment.state == COMMENT_VISIBLE else None
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
    return _tell_all(reasons, f"comment:{comment.id}", groups, payload, comment.author_id, now=now)


def notify_about_acceptance(answer_id: int, *, now: datetime) -> Mails:
    """An accepted answer: its author."""
    answer = _visible(answer_id)
    question = db.session.get(Post, answer.parent_id) if answer is not None else None
    if answer is None or question is None or question.accepted_answer_id != answer.id:
        return []
    payload = {
        "actor_id": question.author_id, "post_id": answer.id, "question_id": question.id, "url": f"/posts/{answer.id}",
    }  # fmt: skip
    thing = f"accepted:{answer.id}"
    reasons: dict[int | None, str] = {answer.author_id: "answer_accepted"}
    return _tell_all(reasons, thing, {"answer_accepted": thing}, payload, question.author_id, now=now)


def notify_about_vote(post_id: int, voter_id: int, *, now: datetime) -> Mails:
    """A vote for a post: its author, in one line with the others."""
    post = _visible(post_id)
    vote = db.session.get(PostVote, (voter_id, post_id)) if post is not None else None
    if post is None or vote is None or vote.value < 1:
        return []
    payload = {"actor_id": voter_id, "post_id": post.id, "url": f"/posts/{post.id}"}
    groups = {"post_voted": f"votes:post:{post.id}"}
    reasons: dict[int | None, str] = {post.author_id: "post_voted"}
    return _tell_all(reasons, f"vote:post:{post.id}:{voter_id}", groups, payload, voter_id, now=now)


def notify_about_comment_vote(comment_id: int, voter_id: int, *, now: datetime) -> Mails:
    """A vote for a comment: its author."""
    comment = db.session.get(Comment, comment_id)
    vote = db.session.get(CommentVote, (voter_id, comment_id))
    if comment is None or vote is None or comment.state != COMMENT_VISIBLE or _visible(comment.post_id) is None:
        return []
    payload = {
        "actor_id": voter_id, "post_id": comment.post_id, "comment_id": comment.id, "url": f"/comments/{comment.id}",
    }  # fmt: skip
    groups = {"post_voted": f"votes:comment:{comment.id}"}
    reasons: dict[int | None, str] = {comment.author_id: "post_voted"}
    return _tell_all(reasons, f"vote:comment:{comment.id}:{voter_id}", groups, payload, voter_id, now=now)


def notify_about_message(message_id: int, *, now: datetime) -> Mails:
    """A message: those in its conversation who have not read it and want to hear of it elsewhere."""
    message = db.session.get(Message, message_id)
    if message is None or message.author_id is None:
        return []
    readers = unread_by(message)
    url = f"/messages/{message.conversation_id}"
    payload = {"actor_id": message.author_id, "conversation_id": message.conversation_id, "url": url}
    reasons: dict[int | None, str] = dict.fromkeys(readers, "message_received")
    group = {"message_received": f"conversation:{message.conversation_id}"}
    thing = f"message:{message.id}:{message.created_at:%Y%m%d%H%M%S}"  # a number may be used again on SQLite
    return _tell_all(reasons, thing, group, payload, message.author_id, now=now)


def _tell_all(
    reasons: dict[int | None, str],
    thing: str,
    groups: dict[str, str],
    payload: dict[str, Any],
    author_id: int | None,
    *,
    now: datetime,
) -> Mails:
    """Tell each person for their own reason, never the author or who blocked them; returns the mails wanted."""
    mails: Mails = []
    people = [person for person in reasons if person is not None and person != author_id]
    _blocked, blockers = blocks_among(author_id, people) if author_id is not None else (set(), set())
    for user_id in sorted(set(people) - set(blockers)):
        name = reasons[user_id]
        where = notify(
            user_id, name, thing=thing, group=groups[name], payload=payload, post_id=payload.get("post_id"), now=now
        )
        if "email" in where:
            mails.append((user_id, name, payload))
    return mails


def _visible(post_id: int) -> Post | None:
    """The post, if everybody may see it."""
    post = db.session.get(Post, post_id)
    if post is None or post.state != VISIBLE:
        return None
    if post.parent_id is not None and db.session.get_one(Post, post.parent_id).state != VISIBLE:
        return None
    return post


def _mentioned_ids(body: str) -> Iterable[int | None]:
    names = mentioned(body, mentions=existing_usernames)
    if not names:
        return []
    keys = [skeleton(name) for name in names]
    return list(db.session.scalars(select(User.id).where(User.username_key.in_(keys), User.deleted_at.is_(None))))
