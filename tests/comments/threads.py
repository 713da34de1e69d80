"""Write many comments, and read which ones a page shows."""

import re
from datetime import timedelta

from flask import Flask

from madang.comments.operations.writing import post_comment
from madang.core.clock import now
from madang.core.db import transaction
from madang.posts.queries.posts import get_post
from tests.people import Person


def post_comments(app: Flask, person: Person, post: int, count: int) -> list[int]:
    """Post `count` comments of different texts, a second apart, the last within the past hour. Returns their ids."""
    actor = person.actor
    with app.app_context(), transaction():
        first = now() - timedelta(hours=1)
        comments = [
            post_comment(get_post(post, actor), actor=actor, body=f"Remark {n}.", now=first + timedelta(seconds=n))
            for n in range(count)
        ]
        return [comment.id for comment in comments]


def comment_ids(page: str) -> list[int]:
    """The ids of the comments on a page, in its order."""
    return [int(number) for number in re.findall(r'<li class="comment[^>]*id="comment-(\d+)"', page)]
