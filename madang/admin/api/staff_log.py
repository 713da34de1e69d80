"""Staff API of the staff log and of the site's settings."""

from flask import current_app

from madang.config.describing import describe
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.rest.pagination import Page, PageResult

from ..queries import StaffLogCriteria, log_rows
from ..schemas.accounts import SettingSchema, StaffDeedSchema, StaffLogQuery
from .access import StaffBlueprint

bp = StaffBlueprint("staff_log", description="The log of staff actions.", for_moderators=True)
settings_bp = StaffBlueprint("admin_settings", description="The site's settings.")


@bp.get("/admin/log")
@bp.paginated(StaffDeedSchema, StaffLogQuery)
def list_staff_deeds(page: Page) -> PageResult:
    """Actions of moderators and administrators, the latest first."""
    if page["subject_id"] is not None and not page["kind"]:
        raise InvalidInput(_("Please also choose what kind of target this number is."), field="kind")
    criteria = StaffLogCriteria(page["actor"], page["verb"] or "", page["kind"] or "", page["subject_id"])
    return page.of(log_rows(criteria, page.after_id, page.more), lambda row: (row.id,))


@settings_bp.get("/admin/settings")
@settings_bp.paginated(SettingSchema)
def list_settings(page: Page) -> PageResult:
    """Every setting with its meaning, default and current value; secrets are masked."""
    return page.whole(describe(current_app.config))
