"""The staff log and the settings for programs."""

from flask import current_app

from madang.config.describing import describe
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.rest.paging import Page, PageResult

from ..queries import Wanted, log_rows
from ..schemas.accounts import SettingSchema, StaffDeedSchema, StaffLogQuery
from .access import StaffBlueprint

bp = StaffBlueprint("staff_log", description="What staff has done.", for_moderators=True)
settings_bp = StaffBlueprint("admin_settings", description="How the site is set up.")


@bp.get("/admin/log")
@bp.paginated(StaffDeedSchema, StaffLogQuery)
def list_staff_deeds(page: Page) -> PageResult:
    """What moderators and administrators did, the latest first."""
    if page["subject_id"] is not None and not page["kind"]:
        raise InvalidInput(_("Please say of which kind the thing of this number is."), field="kind")
    asked = Wanted(page["actor"], page["verb"] or "", page["kind"] or "", page["subject_id"])
    return page.of(log_rows(asked, page.after_id, page.more), lambda row: (row.id,))


@settings_bp.get("/admin/settings")
@settings_bp.paginated(SettingSchema)
def list_settings(page: Page) -> PageResult:
    """Every setting with its meaning, its default and its value; secrets are hidden."""
    return PageResult(describe(current_app.config), None)
