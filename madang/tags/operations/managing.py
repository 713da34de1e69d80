"""What staff does with tags: make, name, merge and delete them, and say which other words mean them."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from madang.accounts.operations.staff_actions import record_staff_action
from madang.core.actor import Actor
from madang.core.db import add_to, after_commit, db, lock
from madang.core.db.reassign import reassign_rows
from madang.core.errors import Conflict, InvalidInput, NotFound, require
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import MAX_TAG, normalize_tag

from ..events import TagDeleted, TagRenamed, TagsMerged
from ..models import PostTag, Tag, TagSynonym
from ..policies import can_manage_tags
from ..queries.tags import nav_tags


def require_tag_manager(actor: Actor) -> None:
    require(can_manage_tags(actor), _("Only moderators can do this."))


def get_managed_tag(tag_id: int, actor: Actor) -> Tag:
    """A tag to be managed. Raises `Forbidden` and `NotFound`."""
    require_tag_manager(actor)
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        raise NotFound
    return tag


def get_named_tag(name: str, actor: Actor) -> Tag:
    """The same by its own name; no synonym will do. Raises `Forbidden` and `NotFound`."""
    require_tag_manager(actor)
    tag = _find_tag_by_name(normalize_tag(name))
    if tag is None:
        raise NotFound
    return tag


def _find_tag_by_name(word: str | None) -> Tag | None:
    return db.session.scalar(select(Tag).where(Tag.name == word)) if word else None


def create_tag(name: str, *, actor: Actor, now: datetime) -> Tag:
    """Make a tag that no post has yet. Raises `InvalidInput` (name)."""
    require_tag_manager(actor)
    tag = Tag(name=_check_name_is_free(name, "name"), created_at=now, post_count=0)
    db.session.add(tag)
    db.session.flush()
    record_staff_action("create_tag", "tag", tag.id, actor=actor, name=tag.name)
    return tag


def _check_name_is_free(text: str, field: str, *, exclude_id: int | None = None) -> str:
    """A name that no tag has, neither as its own nor as a synonym; `exclude_id` is the tag whose synonym it may be."""
    name = normalize_tag(text)
    if name is None:
        raise InvalidInput(
            _("A tag has up to %(count)s letters, digits and + # . - in it.", count=MAX_TAG), field=field
        )
    owner = db.session.scalar(select(TagSynonym.tag_id).where(TagSynonym.name == name))
    if db.session.scalar(select(Tag.id).where(Tag.name == name)) is not None:
        raise InvalidInput(_("There is a tag of this name already. You can merge the two."), field=field)
    if owner not in (None, exclude_id):
        raise InvalidInput(_("This word means another tag already."), field=field)
    return name


def rename_tag(tag: Tag, name: str, *, actor: Actor) -> None:
    """Give a tag another name; the old one goes on to mean it. Raises `InvalidInput` (name)."""
    require_tag_manager(actor)
    lock(tag)
    if normalize_tag(name) == tag.name:
        return
    old_name, new_name = tag.name, _check_name_is_free(name, "name", exclude_id=tag.id)
    db.session.execute(delete(TagSynonym).where(TagSynonym.name == new_name))
    tag.name = new_name
    db.session.flush()
    db.session.add(TagSynonym(name=old_name, tag_id=tag.id))
    db.session.flush()
    after_commit(nav_tags.clear)
    emit(TagRenamed(tag.id))
    record_staff_action("rename_tag", "tag", tag.id, actor=actor, name=new_name, former=old_name)


def find_other_tag(name: str, tag: Tag) -> Tag:
    """The tag that somebody names to merge `tag` into it. Raises `InvalidInput` (into)."""
    other = _find_tag_by_name(normalize_tag(name))
    if other is None:
        raise InvalidInput(_("There is no tag of this name. Please check it."), field="into")
    if other.id == tag.id:
        raise InvalidInput(_("Please choose another tag than this one."), field="into")
    return other


def merge_tags(gone: Tag, kept: Tag, *, actor: Actor) -> None:
    """Let the posts of `gone` have the tag `kept`; the old name goes on to mean it."""
    require_tag_manager(actor)
    for tag in sorted((gone, kept), key=lambda tag: tag.id):
        lock(tag)
    emit(TagsMerged(kept.id, gone.id))
    reassign_rows(PostTag, PostTag.tag_id, gone_id=gone.id, kept_id=kept.id, once_for=PostTag.post_id)
    db.session.execute(update(TagSynonym).where(TagSynonym.tag_id == gone.id).values(tag_id=kept.id))
    name, gone_id, gone_count = gone.name, gone.id, gone.post_count
    db.session.delete(gone)
    db.session.flush()
    db.session.add(TagSynonym(name=name, tag_id=kept.id))
    db.session.flush()
    _recount_posts(kept)
    if not kept.description and not kept.excerpt:
        kept.excerpt, kept.description, kept.description_html = gone.excerpt, gone.description, gone.description_html
        db.session.flush()
    emit(TagRenamed(kept.id))
    record_staff_action(
        "merge_tags", "tag", kept.id, actor=actor, name=kept.name, old_name=name, gone_id=gone_id, post_count=gone_count
    )


def _recount_posts(tag: Tag) -> None:
    """How many posts have a tag, after many have got it at once; its row is held."""
    db.session.refresh(tag)
    counted = db.session.scalar(select(func.count()).select_from(PostTag).where(PostTag.tag_id == tag.id)) or 0
    add_to(Tag, tag.id, post_count=counted - tag.post_count)
    db.session.refresh(tag)
    after_commit(nav_tags.clear)


def add_synonym(tag: Tag, name: str, *, actor: Actor) -> None:
    """Let another word mean a tag: whoever types it gets the tag. Raises `InvalidInput` (synonym)."""
    require_tag_manager(actor)
    word = _check_name_is_free(name, "synonym", exclude_id=tag.id)
    if db.session.get(TagSynonym, word) is not None:
        return
    db.session.add(TagSynonym(name=word, tag_id=tag.id))
    db.session.flush()
    record_staff_action("add_synonym", "tag", tag.id, actor=actor, name=tag.name, synonym=word)


def remove_synonym(tag: Tag, name: str, *, actor: Actor) -> None:
    """Let a word be free again. Raises `NotFound`."""
    require_tag_manager(actor)
    synonym = db.session.get(TagSynonym, normalize_tag(name) or "")
    if synonym is None or synonym.tag_id != tag.id:
        raise NotFound
    db.session.delete(synonym)
    db.session.flush()
    record_staff_action("remove_synonym", "tag", tag.id, actor=actor, name=tag.name, synonym=synonym.name)


def delete_tag(tag: Tag, *, actor: Actor) -> None:
    """Take away a tag that no post has. Raises `Conflict`."""
    require_tag_manager(actor)
    lock(tag)
    if tag.post_count:
        raise Conflict(_("Posts have this tag. Merge it into another one instead."))
    db.session.delete(tag)
    db.session.flush()
    after_commit(nav_tags.clear)
    emit(TagDeleted(tag.id))
    record_staff_action("delete_tag", "tag", tag.id, actor=actor, name=tag.name)
