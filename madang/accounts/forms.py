"""HTML forms of accounts: log-in, sign-up, passwords, profile, preferences, personal tokens."""

from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from madang.core.i18n import LANGUAGE_NAMES, _, ngettext
from madang.core.site import offered_locales
from madang.core.web.forms import Form

from .models import (
    BIO_MAX,
    DISPLAY_NAME_MAX,
    EMAIL_MAX,
    LOCATION_MAX,
    PASSWORD_MAX,
    PASSWORD_MIN,
    TOKEN_NAME_MAX,
    WEBSITE_MAX,
)
from .operations.access_tokens import MAX_LIFETIME_DAYS
from .operations.profiles import zone_names
from .policies.usernames import MAX_USERNAME


class LoginForm(Form):
    username = StringField("username", validators=[Length(max=EMAIL_MAX)])
    password = PasswordField("password", validators=[Length(max=PASSWORD_MAX)])
    remember = BooleanField("remember", default=True)
    next = HiddenField("next")
    ticket = HiddenField("ticket")  # of a log-in that had to wait

    def set_labels(self) -> "LoginForm":
        """Set the labels in the current language."""
        self.username.label.text = _("Username or e-mail address")
        self.password.label.text = _("Password")
        self.remember.label.text = _("Stay logged in on this browser")
        return self


class SignupForm(Form):
    username = StringField("username", validators=[Length(max=MAX_USERNAME)])
    email = StringField("email", validators=[Length(max=EMAIL_MAX)])
    password = PasswordField("password", validators=[Length(max=PASSWORD_MAX)], render_kw={"data-least": PASSWORD_MIN})
    password2 = PasswordField("password2", validators=[Length(max=PASSWORD_MAX)])
    next = HiddenField("next")

    def set_labels(self) -> "SignupForm":
        """Set the labels in the current language."""
        self.username.label.text = _("Username")
        self.email.label.text = _("E-mail address")
        self.password.label.text = _("Password")
        self.password2.label.text = _("Repeat password")
        return self


class ForgotForm(Form):
    email = StringField("email", validators=[Length(max=EMAIL_MAX)])
    next = HiddenField("next")

    def set_labels(self) -> "ForgotForm":
        self.email.label.text = _("E-mail address")
        return self


class ResetForm(Form):
    """A new password, typed twice."""

    password = PasswordField("password", validators=[Length(max=PASSWORD_MAX)], render_kw={"data-least": PASSWORD_MIN})
    password2 = PasswordField("password2", validators=[Length(max=PASSWORD_MAX)])

    def set_labels(self) -> "ResetForm":
        self.password.label.text = _("New password")
        self.password2.label.text = _("Repeat password")
        return self


class PasswordForm(ResetForm):
    current_password = PasswordField("current_password", validators=[Length(max=PASSWORD_MAX)])
    revokes_tokens = BooleanField("revokes_tokens", default=True)

    def set_labels(self) -> "PasswordForm":
        super().set_labels()
        self.current_password.label.text = _("Current password")
        self.revokes_tokens.label.text = _("Revoke all personal tokens")
        return self


class EmailForm(Form):
    """A new e-mail address. Shown beside the `PasswordForm`, so its password field needs a distinct id."""

    email = StringField("email", validators=[Length(max=EMAIL_MAX)])
    current_password = PasswordField(
        "current_password", id="email_current_password", validators=[Length(max=PASSWORD_MAX)]
    )

    def set_labels(self) -> "EmailForm":
        self.email.label.text = _("New e-mail address")
        self.current_password.label.text = _("Current password")
        return self


class ProfileForm(Form):
    display_name = StringField("display_name", validators=[Length(max=DISPLAY_NAME_MAX)])
    bio = TextAreaField("bio", validators=[Length(max=BIO_MAX)])
    website = StringField("website", validators=[Length(max=WEBSITE_MAX)])
    location = StringField("location", validators=[Length(max=LOCATION_MAX)])

    def set_labels(self) -> "ProfileForm":
        self.display_name.label.text = _("Display name")
        self.bio.label.text = _("About you")
        self.website.label.text = _("Website")
        self.location.label.text = _("Location")
        return self


class AvatarForm(Form):
    file = FileField("file")

    def set_labels(self) -> "AvatarForm":
        self.file.label.text = _("New picture")
        return self


class PreferencesForm(Form):
    locale = SelectField("locale", validate_choice=False)
    timezone = SelectField("timezone", validate_choice=False)
    theme = SelectField("theme", validate_choice=False)

    def set_labels(self) -> "PreferencesForm":
        self.locale.label.text = _("Language")
        self.locale.choices = [
            ("", _("Same as my browser")),
            *((locale, LANGUAGE_NAMES[locale]) for locale in offered_locales()),
        ]
        self.timezone.label.text = _("Time zone")
        zones = [(name, name.replace("_", " ")) for name in zone_names()]
        self.timezone.choices = [("", _("Same as the site")), *zones]
        self.theme.label.text = _("Theme on this browser")
        self.theme.choices = [("", _("Match the system")), ("light", _("Light")), ("dark", _("Dark"))]
        return self


class DeletionForm(Form):
    current_password = PasswordField("current_password", validators=[Length(max=PASSWORD_MAX)])

    def set_labels(self) -> "DeletionForm":
        self.current_password.label.text = _("Current password")
        return self


def scope_labels() -> dict[str, str]:
    """Scope of a personal token -> its description."""
    return {
        "read": _("Read everything you can read, except your messages"),
        "write": _("Post, vote and make changes as you"),
        "messages": _("Read and write your messages"),
        "account": _("See where you are logged in, and log out there"),
        "admin": _("Administer and moderate the site"),
    }


class TokenForm(Form):
    name = StringField("name", validators=[Length(max=TOKEN_NAME_MAX)])
    scopes = SelectMultipleField("scopes", validate_choice=False)
    days = SelectField("days", validate_choice=False, default="90")

    def set_labels(self, *, is_staff: bool) -> "TokenForm":
        """Set the labels in the current language; only staff can choose the scope `admin`."""
        self.name.label.text = _("Name")
        self.scopes.label.text = _("Permissions")
        self.scopes.choices = [pair for pair in scope_labels().items() if is_staff or pair[0] != "admin"]
        self.days.label.text = _("Expiration")
        lifetimes = [
            (str(days), ngettext("%(num)s day", "%(num)s days", days)) for days in (7, 30, 90, MAX_LIFETIME_DAYS)
        ]
        self.days.choices = [*lifetimes, ("", _("No expiration"))]
        return self

    def lifetime(self) -> int | None:
        """The chosen number of days; None for no end, 0 for an invalid value."""
        typed = self.text("days")
        if not typed:
            return None
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
