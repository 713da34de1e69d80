"""The addresses of posts and answers."""

from typing import Protocol
from urllib.parse import quote

from sqlalchemy import Row

from madang.core.actor import Actor
from madang.core.text import slugify

from ..models import Post
from ..policies import PostLike
from ..queries.answers import page_of_answer
from ..queries.posts import get_post


class TitledPost(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...


class DiscussedPost(PostLike, Protocol):
    """What a place for comments needs of its post."""

    @property
    def id(self) -> int: ...
    @property
    def board_id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...


def post_path(post: TitledPost | Row, anchor: str | None = None) -> str:
    """The address of a post other than an answer."""
    slug = quote(slugify(post.title))  # built here since url_for takes as long as a query
    return f"/posts/{post.id}" + (f"/{slug}" if slug else "") + (f"#{anchor}" if anchor else "")


def answer_path(answer: Post, actor: Actor) -> str:
    """The address of an answer on the page of its question."""
    path = post_path(get_post(answer.parent_id or 0, actor))
    page = page_of_answer(answer, actor)
    return f"{path}?page={page}#answer-{answer.id}" if page > 1 else f"{path}#answer-{answer.id}"


def path_of(post: Post, actor: Actor) -> str:
    """The address of a post: its own page, or for an answer its anchor on the page of its question."""
    return answer_path(post, actor) if post.is_answer else post_path(post)


def login_path(actor: Actor, post: DiscussedPost) -> str | None:
    """The login address for a visitor who wants to reply to a post; None for members and locked posts."""
    if actor.is_authenticated or post.is_locked:
        return None
    return f"/auth/login?next=/posts/{post.parent_id or post.id}"
