"""Edit a post or revert it to a revision, with detection of conflicting edits."""

from datetime import datetime

from madang.accounts.operations.staff_actions import record_staff_action_on
from madang.boards.queries import uses_math
from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.errors import Conflict, Gone, require
from madang.core.events import emit
from madang.core.i18n import _, number
from madang.core.markdown.visible import shows_picture
from madang.core.text import clean_line
from madang.tags.operations.tagging import get_or_create_tags, set_post_tags

from ..events import PostEdited
from ..models import SUMMARY_MAX, Post, Revision
from ..policies import KINDS_EDITED_BY_TRUSTED, MIN_REPUTATION_TO_EDIT, can_edit_post, refusal_message
from .pictures import use_pictures
from .rendering import cover_of, set_body, set_cover
from .validation import check_post, require_picture


def edit_post(
    post: Post,
    *,
    actor: Actor,
    body: str,
    version: int,
    now: datetime,
    title: str = "",
    tags: str = "",
    summary: str = "",
) -> None:
    """Replace the text of a post and store the new text as a revision; unchanged text changes nothing.

    `version` is the version that the editor started from. Raises `Conflict` if it is no longer the current one, `Gone`,
    `InvalidInput` (title, body, tags) and `Forbidden`.
    """
    is_math = uses_math(post.board_id)
    title, body, html, names = check_post(post.kind, title=title, body=body, tags=tags, uses_math=is_math)
    lock_row(post)
    if post.is_deleted:
        raise Gone
    require_can_edit(post, actor)
    _require_version(post, version)
    if shows_picture(post.body_html):  # a post that was moved to a gallery may have none
        require_picture(post.kind, html)
    if (title, body, " ".join(names)) == (post.title, post.body, post.tag_names):
        return
    if post.version == 1:
        _add_revision(post, number=1, author_id=post.author_id, summary="", now=post.created_at)
    tag_rows = get_or_create_tags(names, now)
    post.title, post.tag_names = title, " ".join(tag.name for tag in tag_rows)
    _set_text(post, body, html, actor)
    post.version += 1
    post.edited_at, post.editor_id, post.last_activity_at = now, actor.id, now
    db.session.flush()
    _add_revision(post, number=post.version, author_id=actor.id, summary=clean_line(summary)[:SUMMARY_MAX], now=now)
    if not post.is_answer:
        set_post_tags(post.id, tag_rows, board_id=post.board_id, post_created_at=post.created_at)
    _emit_edit(post, actor, summary)


def _set_text(post: Post, body: str, html: str, actor: Actor) -> None:
    set_body(post, body, html)
    set_cover(post, cover_of(post.kind, html))
    use_pictures(html, post_id=post.id, actor=actor)


def _emit_edit(post: Post, actor: Actor, summary: str) -> None:
    emit(PostEdited(post.id, actor.id))
    reason = clean_line(summary)[:SUMMARY_MAX]
    record_staff_action_on(post.author_id, "edit_post", "post", post.id, actor=actor, reason=reason)


def require_can_edit(post: Post, actor: Actor) -> None:
    """Raise `Forbidden`, naming those who can edit `post`, if `actor` cannot."""
    if post.is_locked:
        message = _("This is locked: only moderators can edit it.")
    elif post.kind in KINDS_EDITED_BY_TRUSTED:
        message = _(
            "Only its author, moderators and members with %(count)s reputation or more can edit this.",
            count=number(MIN_REPUTATION_TO_EDIT),
        )
    else:
        message = _("Only its author and moderators can edit this.")
    require(can_edit_post(actor, post), refusal_message(actor, message))


def _require_version(post: Post, version: int) -> None:
    if post.version != version:
        raise Conflict(
            _(
                "Someone saved a different version while you were writing. Theirs is shown first, yours below it. "
                "Please merge the two."
            )
        )


def revert_post(post: Post, revision: Revision, *, actor: Actor, now: datetime) -> None:
    """Restore the text of a revision. This is an edit of its own, so it can be reverted too.

    Raises as `edit_post` does.
    """
    edit_post(
        post,
        actor=actor,
        title=revision.title,
        body=revision.body,
        tags=revision.tag_names,
        version=post.version,
        summary=_("Restored revision %(number)s", number=revision.number),
        now=now,
    )


def _add_revision(post: Post, *, number: int, author_id: int | None, summary: str, now: datetime) -> None:
    db.session.add(
        Revision(
            post_id=post.id,
            number=number,
            author_id=author_id,
            title=post.title,
            body=post.body,
            tag_names=post.tag_names,
            summary=summary,
            created_at=now,
        )
    )
    db.session.flush()
