"""Management of tags by staff: create, rename, merge and delete tags, add and remove synonyms."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from madang.accounts.operations.staff_actions import record_staff_action
from madang.core.actor import Actor
from madang.core.db import add_to, after_commit, db, lock_row
from madang.core.db.reassign import reassign_rows
from madang.core.errors import Conflict, InvalidInput, NotFound
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import MAX_TAG, clean_line, normalize_tag

from ..events import TagDeleted, TagRenamed, TagsMerged
from ..models import PostTag, Tag, TagBoard, TagSynonym
from ..policies import require_tag_manager
from ..queries.tags import nav_tags_cache


def get_managed_tag(tag_id: int, actor: Actor) -> Tag:
    """A tag by id, for staff. Raises `Forbidden` and `NotFound`."""
    require_tag_manager(actor)
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        raise NotFound
    return tag


def get_managed_tag_by_name(name: str, actor: Actor) -> Tag:
    """A tag by its name, not by a synonym, for staff. Raises `Forbidden` and `NotFound`."""
    require_tag_manager(actor)
    tag = _find_tag_by_name(clean_line(name).lower()) or _find_tag_by_name(normalize_tag(name))
    if tag is None:
        raise NotFound
    return tag


def _find_tag_by_name(word: str | None) -> Tag | None:
    return db.session.scalar(select(Tag).where(Tag.name == word)) if word else None


def create_tag(name: str, *, actor: Actor, now: datetime) -> Tag:
    """Create a tag without posts. Raises `Forbidden` and `InvalidInput` (name)."""
    require_tag_manager(actor)
    tag = Tag(name=_check_new_name(name, "name"), created_at=now, post_count=0)
    db.session.add(tag)
    db.session.flush()
    record_staff_action("create_tag", "tag", tag.id, actor=actor, name=tag.name)
    return tag


def _check_new_name(text: str, field: str, *, exclude_id: int | None = None) -> str:
    """Normalise a tag name, and check that it is neither a tag nor a synonym of a tag other than `exclude_id`.

    Returns the normalised name. Raises `InvalidInput` (`field`).
    """
    name = normalize_tag(text)
    if name is None:
        raise InvalidInput(_("Tags have up to %(count)s letters, digits and + # . -", count=MAX_TAG), field=field)
    owner = db.session.scalar(select(TagSynonym.tag_id).where(TagSynonym.name == name))
    if db.session.scalar(select(Tag.id).where(Tag.name == name)) is not None:
        raise InvalidInput(_("There is already a tag with this name. You can merge the two."), field=field)
    if owner not in (None, exclude_id):
        raise InvalidInput(_("This word already stands for another tag."), field=field)
    return name


def rename_tag(tag: Tag, name: str, *, actor: Actor) -> None:
    """Rename a tag; its old name becomes a synonym. Raises `Forbidden` and `InvalidInput` (name)."""
    lock_row(tag)
    require_tag_manager(actor)
    if normalize_tag(name) == tag.name:
        return
    old_name, new_name = tag.name, _check_new_name(name, "name", exclude_id=tag.id)
    db.session.execute(delete(TagSynonym).where(TagSynonym.name == new_name))
    tag.name = new_name
    db.session.flush()
    db.session.add(TagSynonym(name=old_name, tag_id=tag.id))
    db.session.flush()
    after_commit(nav_tags_cache.clear)
    emit(TagRenamed(tag.id))
    record_staff_action("rename_tag", "tag", tag.id, actor=actor, name=new_name, former=old_name)


def find_merge_target(name: str, tag: Tag) -> Tag:
    """The tag `name`, into which `tag` is to be merged. Raises `InvalidInput` (into)."""
    target = _find_tag_by_name(normalize_tag(name))
    if target is None:
        raise InvalidInput(_("There is no tag with this name. Please check it."), field="into")
    if target.id == tag.id:
        raise InvalidInput(_("Please choose a different tag."), field="into")
    return target


def merge_tags(source: Tag, target: Tag, *, actor: Actor) -> None:
    """Move the posts and synonyms of `source` to `target` and delete it; its name becomes a synonym.

    Raises `Forbidden`.
    """
    for tag in sorted((source, target), key=lambda tag: tag.id):
        lock_row(tag)
    require_tag_manager(actor)
    emit(TagsMerged(target.id, source.id))
    reassign_rows(PostTag.tag_id, source_id=source.id, target_id=target.id, once_for=PostTag.post_id)
    db.session.execute(update(TagSynonym).where(TagSynonym.tag_id == source.id).values(tag_id=target.id))
    name, source_id, source_count = source.name, source.id, source.post_count
    db.session.delete(source)
    db.session.flush()
    db.session.add(TagSynonym(name=name, tag_id=target.id))
    db.session.flush()
    _recount_posts(target)
    if not target.description and not target.excerpt:
        target.excerpt, target.description = source.excerpt, source.description
        target.description_html = source.description_html
        db.session.flush()
    emit(TagRenamed(target.id))
    record_staff_action(
        "merge_tags",
        "tag",
        target.id,
        actor=actor,
        name=target.name,
        former=name,
        gone_id=source_id,  # the name in entries of the staff log
        post_count=source_count,
    )


def _recount_posts(tag: Tag) -> None:
    """Recount the posts of a tag, whose row is locked, after a merge."""
    db.session.execute(delete(TagBoard).where(TagBoard.tag_id == tag.id))
    on_boards = select(PostTag.tag_id, PostTag.board_id, func.count()).where(PostTag.tag_id == tag.id)
    grouped = on_boards.group_by(PostTag.tag_id, PostTag.board_id)
    db.session.execute(insert(TagBoard).from_select(["tag_id", "board_id", "post_count"], grouped))
    db.session.refresh(tag)
    counted = db.session.scalar(select(func.count()).select_from(PostTag).where(PostTag.tag_id == tag.id)) or 0
    add_to(Tag, tag.id, post_count=counted - tag.post_count)
    db.session.refresh(tag)
    after_commit(nav_tags_cache.clear)


def add_synonym(tag: Tag, name: str, *, actor: Actor) -> None:
    """Add a synonym to a tag. Raises `Forbidden` and `InvalidInput` (synonym)."""
    lock_row(tag)
    require_tag_manager(actor)
    word = _check_new_name(name, "synonym", exclude_id=tag.id)
    if db.session.get(TagSynonym, word) is not None:
        return
    db.session.add(TagSynonym(name=word, tag_id=tag.id))
    db.session.flush()
    record_staff_action("add_synonym", "tag", tag.id, actor=actor, name=tag.name, synonym=word)


def remove_synonym(tag: Tag, name: str, *, actor: Actor) -> None:
    """Remove a synonym of a tag. Raises `Forbidden` and `NotFound`."""
    lock_row(tag)
    require_tag_manager(actor)
    synonym = db.session.get(TagSynonym, normalize_tag(name) or "")
    if synonym is None or synonym.tag_id != tag.id:
        raise NotFound
    db.session.delete(synonym)
    db.session.flush()
    record_staff_action("remove_synonym", "tag", tag.id, actor=actor, name=tag.name, synonym=synonym.name)


def delete_tag(tag: Tag, *, actor: Actor) -> None:
    """Delete a tag without posts. Raises `Forbidden`, and `Conflict` for a tag with posts."""
    lock_row(tag)
    require_tag_manager(actor)
    if tag.post_count:
        raise Conflict(_("There are posts with this tag. Merge it into another one instead."))
    db.session.delete(tag)
    db.session.flush()
    after_commit(nav_tags_cache.clear)
    emit(TagDeleted(tag.id))
    record_staff_action("delete_tag", "tag", tag.id, actor=actor, name=tag.name)
