"""The guest's own page: show the handle, replace it by a new guest."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from madang.core.i18n import _
from madang.core.settings import setting
from madang.core.web.actor import current_actor, identity_required
from madang.core.web.api_twins import api_twin
from madang.core.web.urls import return_path

from ..operations.guests import delete_guest
from .sessions import close_session

bp = Blueprint("guests", __name__, url_prefix="/guest")


@bp.get("")
@identity_required
def about() -> str:
    """Show the reader's handle and explain what it is for."""
    return render_template("accounts/guest.html", days=setting("GUEST_RETENTION_DAYS"))


@bp.post("/change")
@api_twin("DELETE /me/handle")
def change() -> AnyResponse:
    """Delete the guest and its session, so that the next visit creates another. Does nothing for others."""
    actor = current_actor()
    if actor.is_guest and actor.id is not None:
        delete_guest(actor.id)
        close_session()
        flash(_("Your guest handle and everything that belonged to it have been deleted."), "success")
    return redirect(urlsplit(return_path()).path)  # without its query, which may name the deleted handle
