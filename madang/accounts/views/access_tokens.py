"""Settings page for personal access tokens: create and revoke them."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.suspension import readable_while_suspended

from ..forms import TokenForm, scope_labels
from ..operations.access_tokens import make_access_token, revoke_access_token
from ..queries.actors import access_tokens_of

bp = Blueprint("tokens", __name__, url_prefix="/settings/tokens")


@bp.get("")
@login_required
@readable_while_suspended
def tokens() -> str:
    return _tokens_page(TokenForm(formdata=None))


def _tokens_page(form: TokenForm, secret: str = "") -> str:
    actor = current_actor()
    rows = access_tokens_of(actor.id or 0)
    return render_template(
        "accounts/settings_tokens.html",
        form=form.set_labels(is_staff=actor.is_staff),
        rows=rows,
        labels=scope_labels(),
        secret=secret,
        present=now(),
    )


@bp.post("", endpoint="make")
@api_twin("POST /me/tokens")
@login_required
def make() -> AnyResponse | tuple[str, int]:
    """Create a token and show its secret. The secret is stored nowhere: not in a cookie, not in the browser's cache."""
    form = TokenForm()
    with form.submitted():
        name, scopes, days = form.text("name"), form.scopes.data or [], form.lifetime()
        _token, secret = make_access_token(actor=current_actor(), name=name, scopes=scopes, days=days, now=now())
        response = make_response(_tokens_page(TokenForm(formdata=None), secret))
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return _tokens_page(form), form.status


@bp.post("/<int:token_id>/revoke")
@api_twin("DELETE /me/tokens/<int:token_id>")
@login_required
def revoke(token_id: int) -> AnyResponse:
    revoke_access_token(token_id, actor=current_actor())
    flash(_("The token has been revoked and no longer works."), "success")
    return redirect(url_for("tokens.tokens"))
