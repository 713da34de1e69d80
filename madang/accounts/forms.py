"""What the forms about accounts carry."""

from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import Length

from madang.core.forms import Form
from madang.core.i18n import _

from .models import PASSWORD_MAX


class LoginForm(Form):
    username = StringField("username", validators=[Length(max=254)])
    password = PasswordField("password", validators=[Length(max=PASSWORD_MAX)])
    remember = BooleanField("remember", default=True)
    next = HiddenField("next")

    def say(self) -> "LoginForm":
        """Labels in the present language."""
        self.username.label.text = _("Username or e-mail address")
        self.password.label.text = _("Password")
        self.remember.label.text = _("Stay logged in on this browser")
        return self


class SignupForm(Form):
    username = StringField("username", validators=[Length(max=30)])
    email = StringField("email", validators=[Length(max=254)])
    password = PasswordField("password", validators=[Length(max=PASSWORD_MAX)])
    password2 = PasswordField("password2", validators=[Length(max=PASSWORD_MAX)])
    next = HiddenField("next")

    def say(self) -> "SignupForm":
        """Labels in the present language."""
        self.username.label.text = _("Username")
        self.email.label.text = _("E-mail address")
        self.password.label.text = _("Password")
        self.password2.label.text = _("The same password again")
        return self
