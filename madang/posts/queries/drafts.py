"""Drafts as forms and lists show them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from madang.core.actor import Actor
from madang.core.db import db

from ..models import DELETED, Draft, Post
from ..policies import can_see_deleted
from .visibility import on_visible_boards

Parent = aliased(Post)


class StoredDraft(NamedTuple):
    """The fields of a draft; `saved_at` is None if there is none."""

    fields: Mapping[str, str]
    saved_at: datetime | None


NO_DRAFT = StoredDraft({}, None)


def draft_of(actor: Actor, place: str) -> StoredDraft:
    """The actor's draft for `place`."""
    if actor.is_anonymous:
        return NO_DRAFT
    columns = select(Draft.fields, Draft.updated_at)
    row = next(iter(db.rows(columns.where(Draft.user_id == actor.id, Draft.place == place))), None)
    return StoredDraft(dict(row.fields or {}), row.updated_at) if row else NO_DRAFT


def posts_of_drafts(post_ids: Iterable[int], actor: Actor) -> dict[int, Row]:
    """The posts that drafts answer or edit and the actor can see, by id, with the titles of their pages."""
    posts = (
        select(Post.id, Post.closed_at, Post.locked_at, func.coalesce(Parent.title, Post.title).label("title"))
        .outerjoin(Parent, Parent.id == Post.parent_id)
        .where(Post.id.in_(set(post_ids)))
    )
    if not can_see_deleted(actor):
        posts = posts.where(Post.state != DELETED, func.coalesce(Parent.state, Post.state) != DELETED)
    return {row.id: row for row in db.rows(on_visible_boards(posts, actor))}
