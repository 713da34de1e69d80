"""The guest's own page: what the handle is, and another one."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from madang.core.i18n import _
from madang.core.web.actor import current_actor, identity_required
from madang.core.web.urls import way_back

from ..operations.guests import delete_guest
from .sessions import close_session

bp = Blueprint("guests", __name__, url_prefix="/guest")


@bp.get("")
@identity_required
def about() -> str:
    """What the reader's handle is for."""
    return render_template("accounts/guest.html")


@bp.post("/change")
def change() -> AnyResponse:
    """Whoever is no guest has no handle to change."""
    actor = current_actor()
    if actor.is_guest and actor.id is not None:
        delete_guest(actor.id)
        close_session()
        flash(_("Your guest handle is gone, with everything that belonged to it."), "success")
    return redirect(urlsplit(way_back()).path)  # not its query: that may name the handle which is gone
