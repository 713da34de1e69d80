"""Tags for programs of staff: making, naming, merging and deleting them, and the words that mean them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from madang.core.clock import now
from madang.core.rest.blueprint import PREFIX, Created
from madang.core.rest.paging import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.tags.models import Tag
from madang.tags.operations.managing import (
    add_synonym,
    create_tag,
    delete_tag,
    find_other_tag,
    get_named_tag,
    merge_tags,
    remove_synonym,
    rename_tag,
)
from madang.tags.queries.listing import key_of, managed_tags_behind, synonyms_of

from ..schemas.boards_and_tags import ManagedTagQuery, ManagedTagSchema, NamedTagSchema, TagMergeSchema
from .access import StaffBlueprint

bp = StaffBlueprint("admin_tags", description="Tags, as moderators manage them.", for_moderators=True)


@dataclass(frozen=True, slots=True)
class ManagedTag:
    """A tag and the words that mean it."""

    id: int
    name: str
    excerpt: str
    post_count: int
    follower_count: int
    created_at: datetime
    synonyms: list[str]


def _shown(*tags: Any) -> list[ManagedTag]:
    synonyms = synonyms_of([tag.id for tag in tags])
    return [
        ManagedTag(tag.id, tag.name, tag.excerpt, tag.post_count, tag.follower_count, tag.created_at, synonyms[tag.id])
        for tag in tags
    ]


def _unchanged(name: str) -> Tag:
    """The tag, if it is still as the caller read it."""
    tag = get_named_tag(name, current_actor())
    require_unchanged(ManagedTagSchema, _shown(tag)[0])
    return tag


@bp.get("/admin/tags")
@bp.paginated(ManagedTagSchema, ManagedTagQuery)
def list_managed_tags(page: Page) -> PageResult:
    """Tags with their synonyms, also those that no post has."""
    rows = managed_tags_behind(page["q"], page["sort"], page.after, page.more)
    found = page.of(rows, lambda row: key_of(row, page["sort"]))
    return PageResult(_shown(*found.rows), found.next_key)


@bp.post("/admin/tags")
@bp.body(NamedTagSchema)
@bp.response(ManagedTagSchema, 201)
def create_one_tag(wanted: dict[str, str]) -> Created:
    """Make a tag that no post has yet. What it is for: `PATCH /tags/{name}`."""
    tag = create_tag(wanted["name"], actor=current_actor(), now=now())
    return Created(_shown(tag)[0], f"{PREFIX}/admin/tags/{quote(tag.name)}")


@bp.get("/admin/tags/<name>")
@bp.response(ManagedTagSchema)
def get_one_managed_tag(name: str) -> ManagedTag:
    """A tag with its synonyms, by its own name."""
    return _shown(get_named_tag(name, current_actor()))[0]


@bp.patch("/admin/tags/<name>", if_match=True)
@bp.body(NamedTagSchema)
@bp.response(ManagedTagSchema)
def rename_one_tag(wanted: dict[str, str], name: str) -> ManagedTag:
    """Give a tag another name; the old one goes on to mean it."""
    tag = _unchanged(name)
    rename_tag(tag, wanted["name"], actor=current_actor())
    return _shown(tag)[0]


@bp.delete("/admin/tags/<name>", if_match=True)
@bp.response(None)
def delete_one_tag(name: str) -> None:
    """Take away a tag that no post has."""
    delete_tag(_unchanged(name), actor=current_actor())


@bp.post("/admin/tags/<name>/merge")
@bp.body(TagMergeSchema)
@bp.response(ManagedTagSchema)
def merge_one_tag(wanted: dict[str, str], name: str) -> ManagedTag:
    """Let the posts of a tag have another one, which is shown; the old name goes on to mean it."""
    gone = get_named_tag(name, current_actor())
    kept = find_other_tag(wanted["into"], gone)
    merge_tags(gone, kept, actor=current_actor())
    return _shown(kept)[0]


@bp.put("/admin/tags/<name>/synonyms/<synonym>", if_match=True)
@bp.response(ManagedTagSchema)
def add_one_synonym(name: str, synonym: str) -> ManagedTag:
    """Let another word mean a tag: whoever types it gets the tag."""
    tag = _unchanged(name)
    add_synonym(tag, synonym, actor=current_actor())
    return _shown(tag)[0]


@bp.delete("/admin/tags/<name>/synonyms/<synonym>", if_match=True)
@bp.response(None)
def remove_one_synonym(name: str, synonym: str) -> None:
    """Let a word be free again."""
    remove_synonym(_unchanged(name), synonym, actor=current_actor())
