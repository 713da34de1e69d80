"""Staff pages: list, create, rename, merge and delete tags; manage synonyms."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.errors import MadangError
from madang.core.i18n import _, ngettext
from madang.core.text import clean_line
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.tags.models import Tag
from madang.tags.operations.managing import (
    add_synonym,
    create_tag,
    delete_tag,
    find_merge_target,
    get_managed_tag,
    merge_tags,
    remove_synonym,
    rename_tag,
)
from madang.tags.queries.listing import MANAGED_PER_PAGE, ORDERS, managed_tag_rows, synonyms_of

from ..forms import IntoForm, SynonymForm, TagForm
from .access import confirmation_page, is_confirmed, paginate, query_id, staff_required, with_query

bp = Blueprint("admin_tags", __name__, url_prefix="/admin/tags")
QUERY_MAX = 60


@bp.get("")
@staff_required
def tags() -> str:
    prefix, sort = clean_line(request.args.get("q", ""))[:QUERY_MAX], request.args.get("sort", "")
    sort = sort if sort in ORDERS else "used"
    page = paginate(managed_tag_rows(prefix, sort, query_id("after")), MANAGED_PER_PAGE, "after")
    columns = [
        {"title": _("Name"), "url": with_query(sort="name"), "sorted": "asc" if sort == "name" else ""},
        {"title": _("Synonyms")},
        {"title": _("Posts"), "url": with_query(sort="used"), "sorted": "desc" if sort == "used" else "", "end": True},
    ]
    synonyms = synonyms_of([row.id for row in page.rows])
    return render_template(
        "admin/tags.html", words=prefix, sort=sort, columns=columns, synonyms=synonyms, rows=page.rows, **page.links
    )


@bp.get("/add")
@staff_required
def ask_add() -> str:
    return render_template("admin/tag_add.html", form=TagForm(formdata=None).set_labels())


@bp.post("/add")
@api_twin("POST /admin/tags")
@staff_required
def add() -> AnyResponse | tuple[str, int]:
    form = TagForm()
    with form.submitted():
        tag = create_tag(form.text("name"), actor=current_actor(), now=now())
        flash(_("The tag has been created. Now describe what it is for."), "success")
        return redirect(f"/admin/tags/{tag.id}")
    return render_template("admin/tag_add.html", form=form.set_labels()), form.status


@bp.get("/<int:tag_id>")
@staff_required
def tag(tag_id: int) -> str:
    tag = get_managed_tag(tag_id, current_actor())
    return _tag_page(tag, TagForm(data={"name": tag.name}, formdata=None), SynonymForm(formdata=None))


def _tag_page(tag: Tag, form: TagForm, synonym_form: SynonymForm) -> str:
    return render_template(
        "admin/tag.html",
        tag=tag,
        form=form.set_labels(),
        synonym_form=synonym_form.set_labels(),
        synonyms=synonyms_of([tag.id])[tag.id],
    )


@bp.post("/<int:tag_id>", endpoint="save")
@api_twin("PATCH /admin/tags/<name>")
@staff_required
def save(tag_id: int) -> AnyResponse | str | tuple[str, int]:
    form, tag, back = TagForm(), get_managed_tag(tag_id, current_actor()), f"/admin/tags/{tag_id}"
    with form.submitted():
        former, count = tag.name, tag.post_count
        rename_tag(tag, form.text("name"), actor=current_actor())
        if tag.name != former and not is_confirmed():
            lines = [
                _("The tag “%(old)s” will be renamed to “%(new)s”.", old=former, new=tag.name),
                ngettext("%(num)s post will show the new name.", "%(num)s posts will show the new name.", count),
                _("Typing or opening “%(old)s” will lead to “%(new)s”.", old=former, new=tag.name),
            ]
            return confirmation_page(form, lines, title=_("Rename this tag?"), ok=_("Rename"), back=back)
        flash(_("The tag has been changed."), "success")
        return redirect(back)
    tag = get_managed_tag(tag_id, current_actor())
    return _tag_page(tag, form, SynonymForm(formdata=None)), form.status


@bp.post("/<int:tag_id>/synonyms", endpoint="add_synonym")
@api_twin("PUT /admin/tags/<name>/synonyms/<synonym>")
@staff_required
def add_word(tag_id: int) -> AnyResponse | tuple[str, int]:
    form, tag = SynonymForm(), get_managed_tag(tag_id, current_actor())
    with form.submitted():
        add_synonym(tag, form.text("synonym"), actor=current_actor())
        flash(_("From now on, typing this word adds the tag."), "success")
        return redirect(f"/admin/tags/{tag_id}")
    tag = get_managed_tag(tag_id, current_actor())
    return _tag_page(tag, TagForm(data={"name": tag.name}, formdata=None), form), form.status


@bp.post("/<int:tag_id>/synonyms/delete", endpoint="remove_synonym")
@api_twin("DELETE /admin/tags/<name>/synonyms/<synonym>")
@staff_required
def remove_word(tag_id: int) -> AnyResponse:
    tag = get_managed_tag(tag_id, current_actor())
    remove_synonym(tag, request.form.get("synonym", ""), actor=current_actor())
    flash(_("The word no longer stands for the tag."), "success")
    return redirect(f"/admin/tags/{tag_id}")


@bp.get("/<int:tag_id>/merge")
@staff_required
def ask_merge(tag_id: int) -> tuple[str, int]:
    """Ask for the tag to merge into; if `into` names it, show the effects."""
    tag, form, target = get_managed_tag(tag_id, current_actor()), IntoForm(formdata=request.args), None
    if form.text("into"):
        try:
            target = find_merge_target(form.text("into"), tag)
        except MadangError as error:
            form.take(error)
    return _merge_page(tag, target, form), form.status


def _merge_page(tag: Tag, target: Tag | None, form: IntoForm) -> str:
    form.into.label.text = _("Name of the tag to keep")
    return render_template("admin/tag_merge.html", tag=tag, kept=target, form=form)


@bp.post("/<int:tag_id>/merge")
@api_twin("POST /admin/tags/<name>/merge")
@staff_required
def merge(tag_id: int) -> AnyResponse | tuple[str, int]:
    tag, form = get_managed_tag(tag_id, current_actor()), IntoForm()
    with form.submitted():
        target = find_merge_target(form.text("into"), tag)
        merge_tags(tag, target, actor=current_actor())
        flash(_("The tags have been merged into %(name)s.", name=target.name), "success")
        return redirect(f"/admin/tags/{target.id}")
    return _merge_page(get_managed_tag(tag_id, current_actor()), None, form), form.status


@bp.get("/<int:tag_id>/delete")
@staff_required
def ask_delete(tag_id: int) -> str:
    tag = get_managed_tag(tag_id, current_actor())
    return render_template("admin/tag_delete.html", tag=tag)


@bp.post("/<int:tag_id>/delete")
@api_twin("DELETE /admin/tags/<name>")
@staff_required
def delete(tag_id: int) -> AnyResponse:
    delete_tag(get_managed_tag(tag_id, current_actor()), actor=current_actor())
    flash(_("The tag has been deleted."), "success")
    return redirect("/admin/tags")
