"""Staff API of the rules, and of the steps after the setup."""

from madang.core.rest.pagination import Page, PageResult
from madang.core.site import site
from madang.core.web.actor import current_actor

from ..operations.site_settings import dismiss_checklist, write_rules
from ..queries import steps_done
from ..schemas.site_settings import RulesSchema, StepSchema
from ..sentences import steps_in_words
from .access import StaffBlueprint

bp = StaffBlueprint("site_settings", description="The site's rules, and the steps after its setup.")


@bp.get("/admin/checklist")
@bp.paginated(StepSchema)
def list_steps(page: Page) -> PageResult:
    """List the steps after the setup, and which are done; empty once somebody has dismissed the list."""
    return page.whole(steps_in_words(steps_done(current_actor())))


@bp.delete("/admin/checklist")
@bp.response(None)
def dismiss_steps() -> None:
    """Dismiss the list of steps after the setup, for all administrators and for good."""
    dismiss_checklist(actor=current_actor())


@bp.get("/admin/rules")
@bp.response(RulesSchema)
def get_rules() -> dict[str, str]:
    """Get the rules of the site, which `/about` shows."""
    return {"text": site().rules}


@bp.put("/admin/rules")
@bp.body(RulesSchema)
@bp.response(RulesSchema)
def set_rules(payload: dict[str, str]) -> dict[str, str]:
    """Set the rules of the site; an empty text removes them."""
    return {"text": write_rules(payload["text"], actor=current_actor())}
