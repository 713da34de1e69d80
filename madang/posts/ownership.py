"""What belongs to a person in posts: posts, revisions, drafts and pictures."""

from sqlalchemy import select

from madang.core.db import db
from madang.core.i18n import ngettext
from madang.core.ownership import (
    BY_FOREIGN_KEY,
    DELETE_ROWS,
    NOTHING_MORE,
    Archive,
    Move,
    NoRowsOfGuests,
    NotExported,
    Owned,
    Removal,
    Rows,
    Stays,
)

from .models import Attachment, Draft, Post, Revision
from .operations.content_removal import count_posts_of, remove_next_posts

GUESTS_CANNOT_POST = NoRowsOfGuests("Guests can neither write posts nor upload pictures.")
POST_COLUMNS = (
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
REVISION_COLUMNS = (
    Revision.post_id,
    Revision.number,
    Revision.title,
    Revision.body,
    Revision.tag_names,
    Revision.summary,
    Revision.created_at,
)


def _export_pictures(user_id: int, archive: Archive) -> None:
    pictures = select(Attachment.name).where(Attachment.owner_id == user_id)
    for name in db.session.scalars(pictures.order_by(Attachment.id)).all():
        archive.add_picture(name)


OWNED = (
    Owned(
        column=Post.author_id,
        export=Rows("posts.json", POST_COLUMNS),
        on_merge=Move(clear=Post.fingerprint),
        on_delete=Stays("Others have answered and quoted it; it is shown under “deleted user”."),
        on_removal=Removal(
            name="posts",
            label=lambda count: ngettext("%(num)s post", "%(num)s posts", count),
            count=count_posts_of,
            remove_next=remove_next_posts,
        ),
        on_guest_delete=GUESTS_CANNOT_POST,
    ),
    Owned(
        column=Post.editor_id,
        export=NotExported("The text is in revisions.json."),
        on_merge=Move(),
        on_delete=Stays("The edit is part of a post that stays."),
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_CANNOT_POST,
    ),
    Owned(
        column=Post.deleted_by_id,
        export=NotExported("Deletions of own posts are in posts.json, those by staff in staff_actions.json."),
        on_merge=Move(),
        on_delete=Stays("Moderators must see whether the author or staff deleted a post."),
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_CANNOT_POST,
    ),
    Owned(
        column=Revision.author_id,
        export=Rows("revisions.json", REVISION_COLUMNS),
        on_merge=Move(),
        on_delete=Stays("The history of a post that stays would have gaps."),
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_CANNOT_POST,
    ),
    Owned(
        column=Draft.user_id,
        export=Rows("drafts.json", (Draft.place, Draft.fields, Draft.updated_at)),
        on_merge=Move(once_for=Draft.place),
        on_delete=DELETE_ROWS,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
    Owned(
        column=Attachment.owner_id,
        export=_export_pictures,
        on_merge=Move(),
        on_delete=Stays("Posts that stay show them; a picture that no text shows is purged within days."),
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_CANNOT_POST,
    ),
)
