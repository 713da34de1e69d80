"""Staff API of the staff log."""

from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.rest.pagination import Page, PageResult

from ..queries import StaffLogCriteria, log_rows
from ..schemas.accounts import StaffDeedSchema, StaffLogQuery
from .access import StaffBlueprint

bp = StaffBlueprint("staff_log", description="The log of staff actions.", for_moderators=True)


@bp.get("/admin/log")
@bp.paginated(StaffDeedSchema, StaffLogQuery)
def list_staff_deeds(page: Page) -> PageResult:
    """Actions of moderators and administrators, the latest first."""
    if page["subject_id"] is not None and not page["kind"]:
        raise InvalidInput(_("Please also choose what kind of target this number is."), field="kind")
    criteria = StaffLogCriteria(page["actor"], page["verb"] or "", page["kind"] or "", page["subject_id"])
    return page.of(log_rows(criteria, page.after_id, page.more), lambda row: (row.id,))
