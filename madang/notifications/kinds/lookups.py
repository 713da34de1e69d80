"""Fetch what several kinds are about, as everybody sees it, and build the payloads that refer to it."""

import re

from sqlalchemy import select

from madang.accounts.models import User
from madang.accounts.policies.look_alikes import skeleton
from madang.accounts.queries.users import existing_usernames
from madang.boards.queries import uses_math
from madang.comments.models import COMMENT_VISIBLE, Comment
from madang.core.db import db
from madang.core.markdown.renderer import as_mathml, mentioned_names
from madang.core.site import text_for_reader
from madang.posts.models import VISIBLE, Post

from ..models.tables import Payload
from .base import Ids

AT_SIGN = re.compile("[@＠]")  # a text without one is not parsed


def load_posts(ids: Ids) -> list[Post | None]:
    """Load the post of an event and its question. While the list is kept, kinds that ask for them cost no statement."""
    post = db.session.get(Post, ids["post_id"]) if "post_id" in ids else None
    return [post, db.session.get(Post, post.parent_id) if post is not None and post.parent_id is not None else None]


def public_post(post_id: int) -> Post | None:
    """Return the post if it is visible to everybody; an answer is where its question is."""
    post = db.session.get(Post, post_id)
    if post is None or post.state != VISIBLE:
        return None
    page = db.session.get(Post, post.parent_id) if post.parent_id is not None else post
    return post if page is not None and page.state == VISIBLE else None


def public_answer(post_id: int) -> Post | None:
    """Return the post if it is an answer and visible to everybody."""
    post = public_post(post_id)
    return post if post is not None and post.is_answer else None


def public_comment(comment_id: int) -> Comment | None:
    """Return the comment if it is visible to everybody, as its post is."""
    comment = db.session.get(Comment, comment_id)
    if comment is None or comment.state != COMMENT_VISIBLE or public_post(comment.post_id) is None:
        return None
    return comment


def mentioned_ids(body: str, board_id: int) -> list[int]:
    """Return the ids of the members whom a text on a board mentions."""
    if not AT_SIGN.search(body):
        return []
    formulas = as_mathml if uses_math(board_id) else None
    names = mentioned_names(body, mentions=existing_usernames, formulas=formulas)
    if not names:
        return []
    keys = [skeleton(name) for name in names]
    return list(db.session.scalars(select(User.id).where(User.username_key.in_(keys), User.deleted_at.is_(None))))


def post_payload(post: Post, actor_id: int | None) -> Payload:
    """Return the payload of a notification about a post that `actor_id` caused."""
    return {"actor_id": actor_id, "post_id": post.id, "url": f"/posts/{post.id}"}


def answer_payload(answer: Post, actor_id: int | None) -> Payload:
    """Return the payload of a notification about an answer that `actor_id` caused."""
    return {**post_payload(answer, actor_id), "question_id": answer.parent_id}


def comment_payload(comment: Comment, actor_id: int | None) -> Payload:
    """Return the payload of a notification about a comment that `actor_id` caused."""
    url = f"/comments/{comment.id}"
    return {"actor_id": actor_id, "post_id": comment.post_id, "comment_id": comment.id, "url": url}


def group_name(payload: Payload) -> str:
    """The name of the group that a notification is about, in the reader's language."""
    return text_for_reader(payload.get("names", {}))
