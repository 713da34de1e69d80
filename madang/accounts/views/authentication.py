"""Pages: sign up, log in, log out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.errors import require
from madang.core.i18n import _, current_locale
from madang.core.settings import setting
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.request_limits import limit_rate
from madang.core.web.suspension import allowed_while_suspended
from madang.core.web.urls import safe_path

from ..forms import LoginForm, SignupForm
from ..operations.addresses import confirms_addresses
from ..operations.signing_up import sign_up
from .login_limits import log_in_within_limits
from .recovery import must_confirm_email
from .sessions import close_session, keep_next_path, keep_session_alive, open_guest_of_query, open_session

bp = Blueprint("accounts", __name__, url_prefix="/auth")
bp.before_app_request(keep_session_alive)
bp.before_app_request(open_guest_of_query)


def _next_path() -> str:
    """The path to redirect to after logging in: `next` of the request, never another site."""
    return safe_path(request.values.get("next")) or url_for("posts.home")


@bp.get("/login")
def login() -> str | AnyResponse:
    if current_actor().is_authenticated:
        return redirect(_next_path())
    return _login_page(LoginForm(formdata=None))


def _login_page(form: LoginForm) -> str:
    form.next.data = safe_path(request.values.get("next")) or ""
    return render_template("accounts/login.html", form=form.set_labels())


@bp.post("/login", endpoint="start_session")
@api_twin("POST /auth/login")
@allowed_while_suspended
def start() -> AnyResponse | tuple[str, int]:
    form = LoginForm()
    with form.submitted():
        names = {"login": form.text("username"), "password": form.text("password"), "ticket": form.text("ticket")}
        user = log_in_within_limits(**names)
        open_session(user, is_remembered=bool(form.remember.data))
        return redirect(_next_path())
    return _login_page(form), form.status


@bp.get("/signup")
def signup() -> str | AnyResponse:
    if current_actor().is_authenticated:
        return redirect(_next_path())
    return _signup_page(SignupForm(formdata=None))


def _signup_page(form: SignupForm) -> str:
    form.next.data = safe_path(request.values.get("next")) or ""
    return render_template("accounts/signup.html", form=form.set_labels())


@bp.post("/signup", endpoint="create_account")
@api_twin("POST /auth/register")
def create() -> AnyResponse | tuple[str, int]:
    require(setting("SIGNUP_OPEN"), _("Sign-up is closed right now. Please ask an administrator."))
    form, actor = SignupForm(), current_actor()
    with form.submitted():
        limit_rate("signup", by_address=True)
        names = ("username", "email", "password", "password2")
        guest_id = actor.id if actor.is_guest else None
        credentials = {name: form.text(name) for name in names}
        user = sign_up(
            **credentials,
            guest_id=guest_id,
            locale=current_locale(),
            now=now(),
            confirms_address=confirms_addresses(),
        )
        open_session(user, is_remembered=True)
        flash(_("Welcome! You can now ask, answer and vote."), "success")
        if must_confirm_email():
            keep_next_path(form.text("next"))
        elif user.pending_email_key:
            flash(_("Please open the link we have sent to %(email)s.", email=user.email), "info")
        return redirect(_next_path())
    return _signup_page(form), form.status


@bp.post("/logout")
@api_twin("POST /auth/logout")
@allowed_while_suspended
def logout() -> AnyResponse:
    close_session()
    return redirect(url_for("posts.home"))
