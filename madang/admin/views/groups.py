"""Staff pages: list, create, edit and delete groups."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.i18n import LOCALES, _
from madang.core.site import site_locale
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.groups.jobs import apply_domains
from madang.groups.models import Group
from madang.groups.operations.managing import create_group, delete_group, edit_group, get_managed_group, managed_groups
from madang.groups.queries import groups_with_owner
from madang.groups.sentences import joining_words

from ..forms import GroupForm
from .access import admin_required

bp = Blueprint("admin_groups", __name__, url_prefix="/admin/groups")


@bp.get("")
@admin_required
def groups() -> str:
    rows = managed_groups(current_actor())
    return render_template("admin/groups.html", rows=rows, with_owner=groups_with_owner(), joining_words=joining_words)


@bp.get("/add")
@admin_required
def ask_add() -> str:
    return _group_page(None, GroupForm(formdata=None))


def _group_page(group: Group | None, form: GroupForm) -> str:
    locales = sorted(LOCALES, key=lambda locale: locale != site_locale())
    return render_template("admin/group.html", group=group, form=form.set_labels(), locales=locales)


@bp.post("/add")
@api_twin("POST /admin/groups")
@admin_required
def add() -> AnyResponse | tuple[str, int]:
    form = GroupForm()
    with form.submitted():
        group = create_group(form.values(), actor=current_actor(), now=now())
        _apply(group, ["email_domains"] if group.email_domains else [])
        flash(_("The group has been created."), "success")
        return redirect(f"/groups/{group.slug}")
    return _group_page(None, form), form.status


def _apply(group: Group, changed: list[str]) -> None:
    """Let people in and out by a job where the domains of the group have changed."""
    if "email_domains" in changed:
        apply_domains.enqueue(group_id=group.id)


@bp.get("/<int:group_id>")
@admin_required
def group(group_id: int) -> str:
    group = get_managed_group(group_id, current_actor())
    names = ("slug", "color", "joining", "shows_badge", "shows_members")
    values: dict[str, object] = {name: getattr(group, name) for name in names}
    values |= {f"name_{locale}": text for locale, text in group.names.items()}
    values |= {f"description_{locale}": text for locale, text in group.descriptions.items()}
    values |= {"email_domains": ", ".join(group.email_domains)}
    return _group_page(group, GroupForm(data=values, formdata=None))


@bp.post("/<int:group_id>")
@api_twin("PATCH /admin/groups/<slug>")
@admin_required
def save(group_id: int) -> AnyResponse | tuple[str, int]:
    form, group = GroupForm(), get_managed_group(group_id, current_actor())
    with form.submitted():
        _apply(group, edit_group(group, form.values(), actor=current_actor()))
        flash(_("The group has been changed."), "success")
        return redirect("/admin/groups")
    return _group_page(get_managed_group(group_id, current_actor()), form), form.status


@bp.get("/<int:group_id>/delete")
@admin_required
def ask_delete(group_id: int) -> str:
    return render_template("admin/group_delete.html", group=get_managed_group(group_id, current_actor()))


@bp.post("/<int:group_id>/delete")
@api_twin("DELETE /admin/groups/<slug>")
@admin_required
def delete(group_id: int) -> AnyResponse:
    delete_group(get_managed_group(group_id, current_actor()), actor=current_actor())
    flash(_("The group has been deleted."), "success")
    return redirect("/admin/groups")
