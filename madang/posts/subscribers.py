"""What accounts cause in posts."""

from sqlalchemy import delete, select

from madang.accounts.events import PersonalDataAsked, UserDeleted
from madang.core.db import db

from .models import Attachment, Draft, Post

POST = (
    Post.id,
    Post.kind,
    Post.parent_id,
    Post.title,
    Post.body,
    Post.tag_names,
    Post.score,
    Post.view_count,
    Post.created_at,
    Post.edited_at,
    Post.deleted_at,
)


def on_personal_data_asked(event: PersonalDataAsked) -> None:
    """Posts, drafts and the pictures in them."""
    posts = select(*POST).where(Post.author_id == event.user_id)
    event.archive.add_rows("posts.json", posts.order_by(Post.id))
    drafts = select(Draft.place, Draft.fields, Draft.updated_at).where(Draft.user_id == event.user_id)
    event.archive.add_rows("drafts.json", drafts.order_by(Draft.id))
    pictures = select(Attachment.name).where(Attachment.owner_id == event.user_id)
    for name in db.session.scalars(pictures.order_by(Attachment.id)).all():
        event.archive.add_picture(name)


def on_user_deleted(event: UserDeleted) -> None:
    """What nobody has read goes with its writer."""
    db.session.execute(delete(Draft).where(Draft.user_id == event.user_id))
