"""Tags in the JSON API; their posts are at `GET /posts?tag=`."""

from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor

from .models import Tag
from .operations.describing import describe_tag
from .queries.listing import most_used, tags_after
from .queries.tags import get_tag
from .schemas import PatchedTagSchema, TagQuery, TagSchema, TagSummarySchema

bp = ApiBlueprint("tags", description="Tags of posts.")


@bp.get("/tags", public=True)
@bp.paginated(TagSummarySchema, TagQuery)
def list_tags(page: Page) -> PageResult:
    """List the tags in use, the most used first."""
    actor, order = current_actor(), most_used(current_actor())
    return page.of(tags_after(page["q"], actor, page.after(order.types), page.more), order.key_of)


@bp.get("/tags/<name>", public=True)
@bp.response(TagSchema)
def get_one_tag(name: str) -> Tag:
    """Read a tag, also by a synonym."""
    return get_tag(name, current_actor())


@bp.patch("/tags/<name>", if_match=True)
@bp.body(PatchedTagSchema)
@bp.response(TagSchema)
def describe_one_tag(payload: dict[str, str], name: str) -> Tag:
    """Change the description of a tag; for moderators."""
    tag = get_tag(name, current_actor())
    require_unchanged(TagSchema, tag)
    texts = {"excerpt": tag.excerpt, "description": tag.description, **payload}
    describe_tag(tag, actor=current_actor(), **texts)
    return tag
