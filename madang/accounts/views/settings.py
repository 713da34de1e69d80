"""Settings pages: profile, picture, e-mail address, password, sessions, language, theme."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.core.errors import InvalidInput, NotFound
from madang.core.i18n import _, use_locale
from madang.core.site import offered_locales
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.constants import LOCALE_COOKIE, THEME_COOKIE
from madang.core.web.request_limits import limit_rate, limited_rate
from madang.core.web.suspension import allowed_while_suspended, readable_while_suspended
from madang.core.web.urls import host_of_request, safe_path

from ..forms import AvatarForm, EmailForm, PasswordForm, PreferencesForm, ProfileForm
from ..jobs import enqueue_email_link
from ..operations.profiles import edit_profile, remove_avatar, set_avatar, set_preferences
from ..operations.recovery import change_password, check_email_change
from ..operations.sessions import end_other_sessions, end_session
from ..queries.actors import access_tokens_of, sessions_of
from ..queries.users import account_of
from ..sentences import browser_in_words
from .login_limits import password_within_limits, remember_browser
from .sessions import close_session

bp = Blueprint("settings", __name__)
YEAR_SECONDS = 365 * 86400
THEMES = ("light", "dark")


@bp.get("/settings")
@login_required
@readable_while_suspended
def profile() -> str:
    user = account_of(current_actor())
    values = {name: getattr(user, name) for name in ("display_name", "bio", "website", "location")}
    return _profile_page(ProfileForm(data=values, formdata=None))


def _profile_page(form: ProfileForm, avatar_form: AvatarForm | None = None) -> str:
    avatar_form = (avatar_form or AvatarForm(formdata=None)).set_labels()
    return render_template("accounts/settings_profile.html", form=form.set_labels(), avatar_form=avatar_form)


@bp.post("/settings", endpoint="save_profile")
@api_twin("PATCH /me")
@login_required
def save_profile() -> AnyResponse | tuple[str, int]:
    form, actor = ProfileForm(), current_actor()
    with form.submitted(), limited_rate("post"):
        names = ("display_name", "bio", "website", "location")
        edit_profile(account_of(actor), actor=actor, **{name: form.text(name) for name in names})
        flash(_("Your profile has been saved."), "success")
        return redirect(url_for("settings.profile"))
    return _profile_page(form), form.status


@bp.post("/settings/avatar")
@api_twin("PUT /me/avatar")
@login_required
def save_avatar() -> AnyResponse | tuple[str, int]:
    form, actor = AvatarForm(), current_actor()
    with form.submitted():
        limit_rate("upload")
        if not (file := request.files.get("file")):
            raise InvalidInput(_("Please choose a picture."), field="file")
        set_avatar(account_of(actor), file.stream, actor=actor)
        flash(_("Your picture has been changed."), "success")
        return redirect(url_for("settings.profile"))
    return _profile_page_beside(form), form.status


def _profile_page_beside(avatar_form: AvatarForm) -> str:
    user = account_of(current_actor())
    return _profile_page(ProfileForm(obj=user, formdata=None), avatar_form)


@bp.post("/settings/avatar/remove")
@api_twin("DELETE /me/avatar")
@login_required
def drop_avatar() -> AnyResponse:
    remove_avatar(account_of(current_actor()))
    flash(_("Your picture has been removed. One drawn from your name takes its place."), "success")
    return redirect(url_for("settings.profile"))


@bp.get("/settings/account")
@login_required
def account() -> str:
    return _account_page(EmailForm(formdata=None), PasswordForm(formdata=None))


def _account_page(email_form: EmailForm, password_form: PasswordForm) -> str:
    forms = {"email_form": email_form.set_labels(), "password_form": password_form.set_labels()}
    user = account_of(current_actor())
    has_tokens = bool(access_tokens_of(user.id))
    return render_template("accounts/settings_account.html", user=user, has_tokens=has_tokens, **forms)


@bp.post("/settings/account/email")
@api_twin("PUT /me/email")
@login_required
def change_email() -> AnyResponse | tuple[str, int]:
    """Mail a link to the new address, which becomes the account's once the link is confirmed."""
    form, user = EmailForm(), account_of(current_actor())
    with form.submitted():
        limit_rate("login")
        with password_within_limits(user):
            email = check_email_change(user, email=form.text("email"), current_password=form.text("current_password"))
        limit_rate("mail")
        enqueue_email_link(user, email, host_of_request(), purpose="change")
        flash(_("We have sent a link to %(email)s. Open it to make this your address.", email=email), "info")
        return redirect(url_for("settings.account"))
    return _account_page(form, PasswordForm(formdata=None)), form.status


@bp.post("/settings/account/password")
@api_twin("PUT /me/password")
@login_required
@allowed_while_suspended
def save_password() -> AnyResponse | tuple[str, int]:
    form, actor, user = PasswordForm(), current_actor(), account_of(current_actor())
    with form.submitted():
        limit_rate("login")
        names = ("current_password", "password", "password2")
        with password_within_limits(user):
            change_password(
                user,
                **{name: form.text(name) for name in names},
                session_id=actor.session_id,
                revokes_tokens=bool(form.revokes_tokens.data),
            )
        remember_browser(user)
        flash(_("Your password has been changed, and you have been logged out everywhere else."), "success")
        return redirect(url_for("settings.account"))
    return _account_page(EmailForm(formdata=None), form), form.status


@bp.get("/settings/sessions")
@login_required
def sessions() -> str:
    actor = current_actor()
    rows = [(session, browser_in_words(session.user_agent)) for session in sessions_of(actor.id or 0)]
    return render_template("accounts/settings_sessions.html", rows=rows, present_id=actor.session_id)


@bp.post("/settings/sessions/<int:session_id>/end")
@api_twin("DELETE /me/sessions/<int:session_id>")
@login_required
@allowed_while_suspended
def end_one_session(session_id: int) -> AnyResponse:
    actor = current_actor()
    if session_id == actor.session_id:
        close_session()
        return redirect(url_for("posts.home"))
    if not end_session(session_id, user_id=actor.id or 0):
        raise NotFound
    flash(_("That session has been logged out."), "success")
    return redirect(url_for("settings.sessions"))


@bp.post("/settings/sessions/end-others")
@api_twin("DELETE /me/sessions")
@login_required
@allowed_while_suspended
def end_all_other_sessions() -> AnyResponse:
    actor = current_actor()
    end_other_sessions(actor.id or 0, besides=actor.session_id)
    flash(_("You have been logged out everywhere else."), "success")
    return redirect(url_for("settings.sessions"))


@bp.get("/settings/preferences")
@login_required
def preferences() -> str:
    user, theme = account_of(current_actor()), request.cookies.get(THEME_COOKIE, "")
    values = {"locale": user.locale or "", "timezone": user.timezone or "", "theme": theme}
    return _preferences_page(PreferencesForm(data=values, formdata=None))


def _preferences_page(form: PreferencesForm) -> str:
    return render_template("accounts/settings_preferences.html", form=form.set_labels())


@bp.post("/settings/preferences", endpoint="save_preferences")
@api_twin("PATCH /me")
@login_required
@allowed_while_suspended
def save_preferences() -> AnyResponse | tuple[str, int]:
    form, user = PreferencesForm(), account_of(current_actor())
    with form.submitted():
        set_preferences(user, locale=form.text("locale"), timezone=form.text("timezone"))
        with use_locale(user.locale):
            flash(_("Your preferences have been saved."), "success")
        response = redirect(url_for("settings.preferences"))
        _set_theme_cookie(response, form.text("theme"))
        # The account's language replaces the one chosen on this browser.
        response.delete_cookie(LOCALE_COOKIE, samesite="Lax", httponly=True, secure=request.is_secure)
        return response
    return _preferences_page(form), form.status


def _set_theme_cookie(response: AnyResponse, theme: str) -> None:
    """Store the theme in a cookie of this browser, which scripts can read."""
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax", secure=request.is_secure)


@bp.get("/language/<locale>")
def language(locale: str) -> AnyResponse:
    """Set the language of this browser by a cookie, and return to the page. The account's language is not changed."""
    if locale not in offered_locales():
        abort(404)
    response = redirect(safe_path(request.args.get("next")) or "/")
    response.set_cookie(
        LOCALE_COOKIE, locale, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure
    )
    return response
