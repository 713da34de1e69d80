"""Joining, logging in and out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.i18n import _, current_locale
from madang.core.web import current_actor, limit_rate, safe_path

from .forms import LoginForm, SignupForm
from .operations import log_in, sign_up
from .sessions import close_session, keep_session_alive, open_session

bp = Blueprint("accounts", __name__, url_prefix="/auth")
blueprints = [bp]
bp.before_app_request(keep_session_alive)


def _next() -> str:
    """Where to go after logging in: the page that asked for it, never another site."""
    return safe_path(request.values.get("next")) or url_for("posts.home")


@bp.get("/login")
def login() -> str | AnyResponse:
    if current_actor().is_authenticated:
        return redirect(_next())
    return _login_page(LoginForm(formdata=None))


def _login_page(form: LoginForm) -> str:
    form.next.data = safe_path(request.values.get("next")) or ""
    return render_template("accounts/login.html", form=form.say())


@bp.post("/login", endpoint="start_session")
def start() -> AnyResponse | tuple[str, int]:
    form = LoginForm()
    with form.submitted():
        limit_rate("login")
        user = log_in(login=form.text("username"), password=form.text("password"))
        open_session(user, is_remembered=bool(form.remember.data))
        return redirect(_next())
    return _login_page(form), form.status


@bp.get("/signup")
def signup() -> str | AnyResponse:
    if current_actor().is_authenticated:
        return redirect(_next())
    return _signup_page(SignupForm(formdata=None))


def _signup_page(form: SignupForm) -> str:
    form.next.data = safe_path(request.values.get("next")) or ""
    return render_template("accounts/signup.html", form=form.say())


@bp.post("/signup", endpoint="create_account")
def create() -> AnyResponse | tuple[str, int]:
    form = SignupForm()
    with form.submitted():
        limit_rate("signup")
        names = ("username", "email", "password", "password2")
        user = sign_up(**{name: form.text(name) for name in names}, locale=current_locale(), now=now())
        open_session(user, is_remembered=True)
        flash(_("Welcome! You can ask, answer and vote now."), "success")
        return redirect(_next())
    return _signup_page(form), form.status


@bp.post("/logout")
def logout() -> AnyResponse:
    close_session()
    return redirect(url_for("posts.home"))
