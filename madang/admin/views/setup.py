"""The setup page of a new site."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, SelectField, StringField

from madang.accounts.models import PASSWORD_MIN
from madang.accounts.views.sessions import open_session
from madang.core.clock import now
from madang.core.errors import NotFound
from madang.core.i18n import LANGUAGE_NAMES, _, current_locale
from madang.core.site import site
from madang.core.web.api_twins import without_api_twin
from madang.core.web.forms import Form, choices
from madang.core.web.request_limits import limit_rate

from ..operations.setup import set_up_site

bp = Blueprint("admin", __name__)


class SetupForm(Form):
    code = StringField("code")
    site_name = StringField("site_name")
    locale = SelectField("locale", choices=choices(LANGUAGE_NAMES.items()), validate_choice=False)
    username = StringField("username")
    email = StringField("email")
    password = PasswordField("password", render_kw={"data-least": PASSWORD_MIN})
    password2 = PasswordField("password2")

    def set_labels(self) -> "SetupForm":
        labels = {
            "code": _("Setup code"),
            "site_name": _("Name of the site"),
            "locale": _("Language of the site"),
            "username": _("Your username"),
            "email": _("Your e-mail address"),
            "password": _("Password"),
            "password2": _("Repeat password"),
        }
        for name, label in labels.items():
            self[name].label.text = label
        return self


@bp.get("/setup")
def setup() -> str:
    if site().is_set_up:
        raise NotFound
    return _setup_page(SetupForm(data={"locale": current_locale()}, formdata=None))


def _setup_page(form: SetupForm) -> str:
    return render_template("admin/setup.html", form=form.set_labels())


@bp.post("/setup", endpoint="setup_site")
@without_api_twin("there is no account yet, so there is no token; `madang create-admin` does it for scripts")
def set_up() -> AnyResponse | tuple[str, int]:
    form = SetupForm()
    with form.submitted():
        limit_rate("login", by_address=True)
        names = ("code", "site_name", "locale", "username", "email", "password", "password2")
        admin = set_up_site(**{name: form.text(name) for name in names}, now=now())
        open_session(admin, is_remembered=True)
        return redirect(url_for("staff.overview"))
    return _setup_page(form), form.status
