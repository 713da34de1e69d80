"""Staff API of the settings: read, change and reset them, set changes back, send a test mail."""

from sqlalchemy import Row

from madang.core.clock import now
from madang.core.errors import Conflict
from madang.core.mail import NoMailServer
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.site import lock_chosen
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limit_rate

from ..operations.changing_settings import change_setting, reset_setting, undo_setting_change
from ..operations.reading_settings import SettingState, get_setting_state, setting_states
from ..operations.test_mails import send_test_mail
from ..queries import setting_changes
from ..schemas.settings import (
    ChangesQuery,
    NewValueSchema,
    SettingChangeSchema,
    SettingQuery,
    SettingSchema,
    TestMailSchema,
)
from .access import StaffBlueprint

bp = StaffBlueprint("admin_settings", description="The site's settings, for administrators.")


@bp.get("/admin/settings")
@bp.paginated(SettingSchema, SettingQuery)
def list_settings(page: Page) -> PageResult:
    """Every setting with its meaning, default and current value; secrets are not shown."""
    return page.whole(setting_states(current_actor(), page["q"]))


@bp.get("/admin/settings/<name>")
@bp.response(SettingSchema)
def get_setting(name: str) -> SettingState:
    """A setting."""
    return get_setting_state(name, current_actor())


@bp.patch("/admin/settings/<name>", if_match=True)
@bp.body(NewValueSchema)
@bp.response(SettingSchema)
def change_one_setting(payload: dict[str, str], name: str) -> SettingState:
    """Change a setting; all processes use the new value within three seconds. 409 if it cannot be changed here."""
    lock_chosen()
    require_unchanged(SettingSchema, get_setting_state(name, current_actor()))
    change_setting(name, payload["value"], actor=current_actor(), now=now())
    return get_setting_state(name, current_actor())


@bp.delete("/admin/settings/<name>")
@bp.response(None)
def reset_one_setting(name: str) -> None:
    """Put a setting back to its default."""
    reset_setting(name, actor=current_actor(), now=now())


@bp.get("/admin/setting-changes")
@bp.paginated(SettingChangeSchema, ChangesQuery)
def list_setting_changes(page: Page) -> PageResult:
    """Changes of settings, the latest first."""
    rows: list[Row] = setting_changes(page.after_id, page.more, page["name"])
    return page.of(rows, lambda row: (row.id,))


@bp.post("/admin/setting-changes/<int:change_id>/undo")
@bp.response(None)
def undo_one_change(change_id: int) -> None:
    """Give a setting the value again that it had before a change. 409 for a secret, whose values are not kept."""
    undo_setting_change(change_id, actor=current_actor(), now=now())


@bp.post("/admin/test-mail")
@bp.body(TestMailSchema)
@bp.response(None)
def send_one_test_mail(payload: dict[str, str]) -> None:
    """Send a mail to see whether the mail server takes it. The error says what it answered, and what to do.

    409 for a site without a mail server.
    """
    limit_rate("mail")
    try:
        send_test_mail(payload["address"])
    except NoMailServer as error:
        raise Conflict(error.message) from None
