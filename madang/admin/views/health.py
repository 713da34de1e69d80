"""Staff page: the state of the site and the findings of the last check."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin

from ..jobs import enqueue_check
from ..operations.health import site_health
from ..sentences import health_in_words, workers_in_words
from .access import admin_required

bp = Blueprint("admin_health", __name__, url_prefix="/admin")


@bp.get("/health")
@admin_required
def show_health() -> str:
    health = site_health(actor=current_actor(), now=now())
    return render_template(
        "admin/health.html", health=health, parts=health_in_words(health), workers=workers_in_words(health)
    )


@bp.post("/health/check")
@api_twin("POST /admin/health/check")
@admin_required
def check_again() -> AnyResponse:
    enqueue_check(actor=current_actor())
    flash(_("The check has begun. Please reload this page in a moment."), "info")
    return redirect("/admin/health")
