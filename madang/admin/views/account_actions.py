"""Staff pages: suspend, delete and merge accounts; each page first shows the effects."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from madang.accounts.models import User
from madang.accounts.operations.deletion import remove_account
from madang.accounts.operations.managing import get_account
from madang.accounts.operations.merging import check_merge, find_other_account, merge_accounts
from madang.accounts.operations.suspending import lift_suspension, suspend_account
from madang.core.clock import now
from madang.core.errors import InvalidInput, MadangError
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin

from ..forms import IntoForm, RemovalForm, SuspensionForm
from ..jobs import remove_content
from ..operations.content_removal import content_labels
from ..schemas.accounts import CONTENT_CHOICES
from .access import admin_required

bp = Blueprint("admin_leaving", __name__, url_prefix="/admin/users/<int:user_id>")


@bp.get("/suspend")
@admin_required
def ask_suspend(user_id: int) -> str:
    return _suspend_page(get_account(user_id, current_actor()), SuspensionForm(formdata=None))


def _suspend_page(person: User, form: SuspensionForm) -> str:
    return render_template("admin/user_suspend.html", person=person, form=form.set_labels())


@bp.post("/suspend")
@api_twin("PUT /admin/users/<username>/suspension")
@admin_required
def suspend(user_id: int) -> AnyResponse | tuple[str, int]:
    person, form = get_account(user_id, current_actor()), SuspensionForm()
    with form.submitted():
        suspend_account(person, actor=current_actor(), reason=form.text("reason"), until=form.end(), now=now())
        flash(_("%(name)s has been suspended.", name=person.shown_name), "success")
        return redirect(f"/admin/users/{user_id}")
    return _suspend_page(get_account(user_id, current_actor()), form), form.status


@bp.post("/unsuspend")
@api_twin("DELETE /admin/users/<username>/suspension")
@admin_required
def unsuspend(user_id: int) -> AnyResponse:
    person = get_account(user_id, current_actor())
    lift_suspension(person, actor=current_actor())
    flash(_("%(name)s can write again.", name=person.shown_name), "success")
    return redirect(f"/admin/users/{user_id}")


@bp.get("/delete")
@admin_required
def ask_delete(user_id: int) -> str:
    return _delete_page(get_account(user_id, current_actor()), RemovalForm(data={"content": "keep"}, formdata=None))


def _delete_page(person: User, form: RemovalForm) -> str:
    return render_template(
        "admin/user_delete.html", person=person, form=form.set_labels(), contents=content_labels(person.id)
    )


@bp.post("/delete")
@api_twin("DELETE /admin/users/<username>", "DELETE /users/<username>")
@admin_required
def delete(user_id: int) -> AnyResponse | tuple[str, int]:
    person, form, actor = get_account(user_id, current_actor()), RemovalForm(), current_actor()
    with form.submitted():
        content = form.text("content")
        if content not in CONTENT_CHOICES:
            raise InvalidInput(_("Please choose what happens to their posts and comments."), field="content")
        keeps_content = content == "keep"
        remove_account(person, actor=actor, reason=form.text("reason"), is_content_kept=keeps_content, now=now())
        if not keeps_content:
            job = remove_content.enqueue(owner_id=actor.id, user_id=user_id, actor_id=actor.id)
            return redirect(f"/jobs/{job.id}")
        flash(_("The account has been deleted."), "success")
        return redirect("/admin/users")
    return _delete_page(get_account(user_id, current_actor()), form), form.status


@bp.get("/merge")
@admin_required
def ask_merge(user_id: int) -> str | tuple[str, int]:
    """Ask for the account to merge into; if `into` names it, show the effects."""
    person, form = get_account(user_id, current_actor()), IntoForm(formdata=request.args)
    target = None
    if form.text("into"):
        try:
            target = find_other_account(form.text("into"), actor=current_actor())
            check_merge(person, target, actor=current_actor())
        except MadangError as error:
            target = None
            form.take(error)
    return _merge_page(person, target, form), form.status


def _merge_page(person: User, target: User | None, form: IntoForm) -> str:
    form.into.label.text = _("Username of the account to keep")
    contents = content_labels(person.id) if target else []
    return render_template("admin/user_merge.html", person=person, kept=target, form=form, contents=contents)


@bp.post("/merge")
@api_twin("POST /admin/users/<username>/merge")
@admin_required
def merge(user_id: int) -> AnyResponse | tuple[str, int]:
    person, form = get_account(user_id, current_actor()), IntoForm()
    with form.submitted():
        target = find_other_account(form.text("into"), actor=current_actor())
        merge_accounts(person, target, actor=current_actor(), now=now())
        flash(_("The accounts have been merged into %(name)s.", name=target.shown_name), "success")
        return redirect(f"/admin/users/{target.id}")
    return _merge_page(get_account(user_id, current_actor()), None, form), form.status
