"""Leaving: download what is kept, delete the account."""

from flask import Blueprint, Response, flash, redirect, render_template, send_file, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.errors import NotFound
from madang.core.i18n import _
from madang.core.web import current_actor, limit_rate

from .archive import ARCHIVES_KEPT, purge_archives
from .exporting import is_under_way, latest_export, ready_file
from .forms import DeletionForm
from .jobs import export_my_data, exports_folder
from .leaving import delete_account
from .queries import account_of
from .sessions import close_session

bp = Blueprint("leaving", __name__, url_prefix="/settings/leave")


@bp.get("")
@login_required
def leave() -> str:
    purge_archives(exports_folder(), now())
    job = latest_export(current_actor().id or 0)
    file = ready_file(job, folder=exports_folder(), now=now())
    kept_until = job.finished_at + ARCHIVES_KEPT if file and job and job.finished_at else None
    return render_template(
        "accounts/settings_leave.html",
        job=job,
        is_under_way=is_under_way(job),
        file=file,
        byte_count=file.stat().st_size if file else 0,
        kept_until=kept_until,
    )


@bp.post("/export")
@login_required
def export() -> AnyResponse:
    """Ask for the archive; asking again while it is being made changes nothing."""
    user_id = current_actor().id or 0
    if not is_under_way(latest_export(user_id)):
        limit_rate("mail")
        export_my_data.later(owner_id=user_id, user_id=user_id)
    return redirect(url_for("leaving.leave"))


@bp.get("/download")
@login_required
def download() -> Response:
    """The reader's own archive: the address names nobody, so nobody can ask for another's."""
    actor = current_actor()
    file = ready_file(latest_export(actor.id or 0), folder=exports_folder(), now=now())
    if file is None:
        raise NotFound(_("Your data is not kept here any more. Please ask for it again."))
    response = send_file(file, mimetype="application/zip", as_attachment=True, download_name=f"{actor.username}.zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/delete")
@login_required
def ask_delete() -> str:
    return _delete_page(DeletionForm(formdata=None))


def _delete_page(form: DeletionForm) -> str:
    return render_template("accounts/delete_account.html", form=form.say())


@bp.post("/delete")
@login_required
def delete() -> AnyResponse | tuple[str, int]:
    form = DeletionForm()
    with form.submitted():
        limit_rate("login")
        user = account_of(current_actor())
        delete_account(user, current_password=form.text("current_password"), exports=exports_folder(), now=now())
        close_session()
        flash(_("Your account is deleted. Farewell, and thank you for what you wrote."), "success")
        return redirect(url_for("posts.home"))
    return _delete_page(form), form.status
