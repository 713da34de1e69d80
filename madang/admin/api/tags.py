"""Staff API of tags: list, create, rename, merge and delete tags; add and remove synonyms."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Row

from madang.core.clock import now
from madang.core.rest.blueprint import PREFIX, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.tags.models import Tag
from madang.tags.operations.managing import (
    add_synonym,
    create_tag,
    delete_tag,
    find_merge_target,
    get_managed_tag_by_name,
    merge_tags,
    remove_synonym,
    rename_tag,
)
from madang.tags.queries.listing import ORDERS, managed_tags_after, synonyms_of

from ..schemas.boards_and_tags import ManagedTagQuery, ManagedTagSchema, NamedTagSchema, TagMergeSchema
from .access import StaffBlueprint

bp = StaffBlueprint("admin_tags", description="Tag management, for moderators.", for_moderators=True)


@dataclass(frozen=True, slots=True)
class ManagedTag:
    """A tag with its synonyms."""

    id: int
    name: str
    excerpt: str
    post_count: int
    follower_count: int
    created_at: datetime
    synonyms: list[str]


def _with_synonyms(*tags: Tag | Row) -> list[ManagedTag]:
    synonyms = synonyms_of([tag.id for tag in tags])
    return [
        ManagedTag(tag.id, tag.name, tag.excerpt, tag.post_count, tag.follower_count, tag.created_at, synonyms[tag.id])
        for tag in tags
    ]


def _get_unchanged(name: str) -> Tag:
    """The tag, if it matches the caller's `If-Match`."""
    tag = get_managed_tag_by_name(name, current_actor())
    require_unchanged(ManagedTagSchema, _with_synonyms(tag)[0])
    return tag


@bp.get("/admin/tags")
@bp.paginated(ManagedTagSchema, ManagedTagQuery)
def list_managed_tags(page: Page) -> PageResult:
    """Tags with their synonyms, including tags without posts."""
    order = ORDERS[page["sort"]]
    result = page.of(managed_tags_after(page["q"], page["sort"], page.after(order.types), page.more), order.key_of)
    return PageResult(_with_synonyms(*result.rows), result.next_key)


@bp.post("/admin/tags")
@bp.body(NamedTagSchema)
@bp.response(ManagedTagSchema, 201)
def create_one_tag(payload: dict[str, str]) -> Created:
    """Create a tag without posts. Set its description by `PATCH /tags/{name}`."""
    tag = create_tag(payload["name"], actor=current_actor(), now=now())
    return Created(_with_synonyms(tag)[0], f"{PREFIX}/admin/tags/{quote(tag.name)}")


@bp.get("/admin/tags/<name>")
@bp.response(ManagedTagSchema)
def get_one_managed_tag(name: str) -> ManagedTag:
    """A tag with its synonyms, by its own name."""
    return _with_synonyms(get_managed_tag_by_name(name, current_actor()))[0]


@bp.patch("/admin/tags/<name>", if_match=True)
@bp.body(NamedTagSchema)
@bp.response(ManagedTagSchema)
def rename_one_tag(payload: dict[str, str], name: str) -> ManagedTag:
    """Rename a tag; the old name becomes a synonym."""
    tag = _get_unchanged(name)
    rename_tag(tag, payload["name"], actor=current_actor())
    return _with_synonyms(tag)[0]


@bp.delete("/admin/tags/<name>", if_match=True)
@bp.response(None)
def delete_one_tag(name: str) -> None:
    """Delete a tag without posts."""
    delete_tag(_get_unchanged(name), actor=current_actor())


@bp.post("/admin/tags/<name>/merge")
@bp.body(TagMergeSchema)
@bp.response(ManagedTagSchema)
def merge_one_tag(payload: dict[str, str], name: str) -> ManagedTag:
    """Merge a tag into another one, which is returned; the old name becomes a synonym."""
    source = get_managed_tag_by_name(name, current_actor())
    target = find_merge_target(payload["into"], source)
    merge_tags(source, target, actor=current_actor())
    return _with_synonyms(target)[0]


@bp.put("/admin/tags/<name>/synonyms/<synonym>", if_match=True)
@bp.response(ManagedTagSchema)
def add_one_synonym(name: str, synonym: str) -> ManagedTag:
    """Add a synonym to a tag: posts tagged with the synonym get the tag."""
    tag = _get_unchanged(name)
    add_synonym(tag, synonym, actor=current_actor())
    return _with_synonyms(tag)[0]


@bp.delete("/admin/tags/<name>/synonyms/<synonym>", if_match=True)
@bp.response(None)
def remove_one_synonym(name: str, synonym: str) -> None:
    """Remove a synonym from a tag."""
    remove_synonym(_get_unchanged(name), synonym, actor=current_actor())
