"""Staff API of groups: list, create, edit and delete."""

from madang.core.clock import now
from madang.core.rest.blueprint import PREFIX, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.groups.jobs import apply_domains
from madang.groups.models import Group
from madang.groups.operations.managing import (
    GroupInput,
    create_group,
    delete_group,
    edit_group,
    get_managed_group_by_slug,
    managed_groups,
)

from ..schemas.groups import EditedGroupSchema, ManagedGroupSchema, NewGroupSchema
from .access import StaffBlueprint
from .texts import Payload, errors_of_texts, texts_of

bp = StaffBlueprint("admin_groups", description="Group management, for administrators.")
FIELDS = ("slug", "color", "joining", "shows_badge", "shows_members", "email_domains")


def _get_unchanged(slug: str) -> Group:
    """The group, if it matches the caller's `If-Match`."""
    group = get_managed_group_by_slug(slug, current_actor())
    require_unchanged(ManagedGroupSchema, group)
    return group


@bp.get("/admin/groups")
@bp.paginated(ManagedGroupSchema)
def list_managed_groups(page: Page) -> PageResult:
    """All groups, by name."""
    return page.whole(managed_groups(current_actor()))


@bp.post("/admin/groups")
@bp.body(NewGroupSchema)
@bp.response(ManagedGroupSchema, 201)
def create_one_group(payload: Payload) -> Created:
    """Create a group without members. A job lets those in whose confirmed address is of its e-mail domains."""
    names, descriptions = texts_of(payload, "name", {}), texts_of(payload, "description", {})
    given = GroupInput(names=names, descriptions=descriptions, **{name: payload[name] for name in FIELDS})
    with errors_of_texts(payload):
        group = create_group(given, actor=current_actor(), now=now())
    if group.email_domains:
        apply_domains.enqueue(group_id=group.id)
    return Created(group, f"{PREFIX}/admin/groups/{group.slug}")


@bp.get("/admin/groups/<slug>")
@bp.response(ManagedGroupSchema)
def get_one_managed_group(slug: str) -> Group:
    """A group with all its settings."""
    return get_managed_group_by_slug(slug, current_actor())


@bp.patch("/admin/groups/<slug>", if_match=True)
@bp.body(EditedGroupSchema)
@bp.response(ManagedGroupSchema)
def edit_one_group(payload: Payload, slug: str) -> Group:
    """Change a group. A job lets people in and out where its e-mail domains have changed."""
    group = _get_unchanged(slug)
    names, descriptions = texts_of(payload, "name", group.names), texts_of(payload, "description", group.descriptions)
    fields = {name: payload.get(name, getattr(group, name)) for name in FIELDS}
    with errors_of_texts(payload):
        changed = edit_group(group, GroupInput(names=names, descriptions=descriptions, **fields), actor=current_actor())
    if "email_domains" in changed:
        apply_domains.enqueue(group_id=group.id)
    return group


@bp.delete("/admin/groups/<slug>", if_match=True)
@bp.response(None)
def delete_one_group(slug: str) -> None:
    """Delete a group; its memberships end."""
    delete_group(_get_unchanged(slug), actor=current_actor())
