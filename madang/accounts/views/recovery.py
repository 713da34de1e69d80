"""Pages for the links in mails: reset a password, confirm an e-mail address."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.i18n import _
from madang.core.settings import setting
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.request_limits import limit_rate
from madang.core.web.suspension import allowed_while_suspended
from madang.core.web.urls import host_of_request, safe_path

from ..forms import ForgotForm, ResetForm
from ..jobs import enqueue_email_link, enqueue_former_address_notice, enqueue_recovery_mail
from ..operations.recovery import confirm_email, reset_password
from ..operations.signed_links import StaleLink, is_confirmed, user_and_email_of, user_of_password_token
from ..queries.users import account_of
from .sessions import keep_next_path, open_session, take_next_path

bp = Blueprint("recovery", __name__, url_prefix="/auth")


@bp.app_template_global()
def must_confirm_email() -> bool:
    """Whether the reader has yet to confirm their address."""
    actor = current_actor()
    is_required = setting("EMAIL_CONFIRMATION") and actor.is_authenticated
    return is_required and not actor.is_email_confirmed


@bp.errorhandler(StaleLink)
def show_stale_link(error: StaleLink) -> tuple[str, int]:
    return render_template("accounts/stale_link.html", text=error.message), error.status


@bp.get("/forgot")
def forgot() -> str:
    return _forgot_page(ForgotForm(formdata=None))


def _forgot_page(form: ForgotForm) -> str:
    form.next.data = safe_path(request.values.get("next")) or ""
    return render_template("accounts/forgot.html", form=form.set_labels())


@bp.post("/forgot", endpoint="send_password_link")
@api_twin("POST /auth/forgot")
@allowed_while_suspended
def ask_for_link() -> str | tuple[str, int]:
    """Mail a password link. Response and response time do not depend on whether an account has the address."""
    form = ForgotForm()
    with form.submitted():
        limit_rate("mail", by_address=True)
        keep_next_path(form.text("next"))
        enqueue_recovery_mail(form.text("email"), host_of_request())
        return render_template("accounts/forgot_sent.html", email=form.text("email"))
    return _forgot_page(form), form.status


@bp.get("/reset/<token>")
def reset(token: str) -> str:
    user = user_of_password_token(token)
    return _reset_page(ResetForm(formdata=None), user.username)


def _reset_page(form: ResetForm, username: str) -> str:
    return render_template("accounts/reset.html", form=form.set_labels(), username=username)


@bp.post("/reset/<token>", endpoint="set_password")
@api_twin("PUT /auth/password")
@allowed_while_suspended
def set_password(token: str) -> AnyResponse | tuple[str, int]:
    form, username = ResetForm(), user_of_password_token(token).username
    with form.submitted():
        limit_rate("login", by_address=True)
        user = reset_password(token, password=form.text("password"), password2=form.text("password2"), now=now())
        path = take_next_path()
        open_session(user, is_remembered=True)
        flash(_("Your new password is set, and you are logged in."), "success")
        return redirect(path or url_for("posts.home"))
    return _reset_page(form, username), form.status


@bp.get("/confirm/<token>")
def ask_confirm(token: str) -> str:
    """The page of a link in a mail. It changes nothing: mail programs and scanners open links by themselves."""
    user, email = user_and_email_of(token)
    is_done = is_confirmed(user, email)
    return render_template("accounts/confirm.html", email=email, username=user.username, is_done=is_done)


@bp.post("/confirm/<token>")
@api_twin("PUT /auth/email")
@allowed_while_suspended
def confirm(token: str) -> AnyResponse:
    user, former = confirm_email(token, now=now())
    enqueue_former_address_notice(user, former)
    flash(_("Thank you. %(email)s is confirmed.", email=user.email), "success")
    if current_actor().id != user.id:
        return redirect(url_for("posts.home"))
    return redirect(take_next_path() or url_for("settings.account"))


@bp.post("/confirm", endpoint="send_email_link")
@api_twin("POST /me/email/confirmations")
@login_required
@allowed_while_suspended
def send_again() -> AnyResponse:
    user = account_of(current_actor())
    limit_rate("mail")
    if user.email and user.email_confirmed_at is None:
        enqueue_email_link(user, user.email, host_of_request(), purpose="resend")
        flash(_("We have sent the link to %(email)s again.", email=user.email), "success")
    return redirect(url_for("settings.account"))
