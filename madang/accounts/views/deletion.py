"""Settings pages: export personal data, delete the account."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.i18n import _
from madang.core.queue.result_files import RESULT_FILE_RETENTION, ready_file
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.request_limits import limit_rate
from madang.core.web.suspension import allowed_while_suspended

from ..forms import DeletionForm
from ..jobs import export_my_data
from ..operations.deletion import delete_account
from ..operations.exporting import latest_export, running_export
from ..queries.users import account_of
from .login_limits import password_within_limits
from .sessions import close_session

bp = Blueprint("leaving", __name__, url_prefix="/settings/leave")


@bp.get("")
@login_required
def leave() -> str:
    job = latest_export(current_actor().id or 0)
    file = ready_file(job, now()) if job else None
    kept_until = job.finished_at + RESULT_FILE_RETENTION if file and job and job.finished_at else None
    return render_template(
        "accounts/settings_leave.html",
        job=job,
        file=file,
        byte_count=file.stat().st_size if file else 0,
        kept_until=kept_until,
    )


@bp.post("/export")
@api_twin("POST /me/export")
@login_required
@allowed_while_suspended
def export() -> AnyResponse:
    """Enqueue the export job, unless one is running."""
    user_id = current_actor().id or 0
    if running_export(user_id) is None:
        limit_rate("mail")
        export_my_data.enqueue(owner_id=user_id, user_id=user_id)
    return redirect(url_for("leaving.leave"))


@bp.get("/delete")
@login_required
def ask_delete() -> str:
    return _delete_page(DeletionForm(formdata=None))


def _delete_page(form: DeletionForm) -> str:
    return render_template("accounts/delete_account.html", form=form.set_labels())


@bp.post("/delete")
@api_twin("DELETE /me")
@login_required
@allowed_while_suspended
def delete() -> AnyResponse | tuple[str, int]:
    form = DeletionForm()
    with form.submitted():
        limit_rate("login")
        user = account_of(current_actor())
        with password_within_limits(user):
            delete_account(user, current_password=form.text("current_password"), now=now())
        close_session()
        flash(_("Your account has been deleted. Thank you for everything you wrote here."), "success")
        return redirect(url_for("posts.home"))
    return _delete_page(form), form.status
