"""Staff API of the state of the site."""

from madang.core.clock import now
from madang.core.web.actor import current_actor

from ..jobs import enqueue_check
from ..operations.health import SiteHealth, site_health
from ..schemas.health import HealthSchema
from .access import StaffBlueprint

bp = StaffBlueprint("admin_health", description="The state of the site.")


@bp.get("/admin/health")
@bp.response(HealthSchema)
def get_health() -> SiteHealth:
    """Get the state of the site's parts, and what the last check of the installation found."""
    return site_health(actor=current_actor(), now=now())


@bp.post("/admin/health/check")
@bp.response(None)
def check_health() -> None:
    """Check the installation again, in a job; its findings are in `GET /admin/health` once it has ended."""
    enqueue_check(actor=current_actor())
