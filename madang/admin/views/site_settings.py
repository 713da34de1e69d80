"""Staff pages: the rules of the site, and dismissing the list of first steps."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField
from wtforms.validators import Length

from madang.core.i18n import _
from madang.core.site import site
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.forms import Form

from ..operations.site_settings import RULES_MAX, dismiss_checklist, write_rules
from .access import admin_required

bp = Blueprint("site_settings", __name__, url_prefix="/admin")


class RulesForm(Form):
    text = TextAreaField("text", validators=[Length(max=RULES_MAX)])


@bp.get("/rules")
@admin_required
def rules() -> str:
    return _rules_page(RulesForm(data={"text": site().rules}, formdata=None))


def _rules_page(form: RulesForm) -> str:
    form["text"].label.text = _("Rules")
    return render_template("admin/rules.html", form=form, most=RULES_MAX)


@bp.post("/rules", endpoint="save_rules")
@api_twin("PUT /admin/rules")
@admin_required
def save_rules() -> AnyResponse | tuple[str, int]:
    form = RulesForm()
    with form.submitted():
        write_rules(form["text"].data or "", actor=current_actor())
        flash(_("The rules have been saved."), "success")
        return redirect("/admin")
    return _rules_page(form), form.status


@bp.post("/checklist/dismiss")
@api_twin("DELETE /admin/checklist")
@admin_required
def dismiss() -> AnyResponse:
    dismiss_checklist(actor=current_actor())
    return redirect("/admin")
