"""The settings of mail."""

from . import kinds
from .definition import Setting
from .texts import gettext_noop as _

MAIL = (
    Setting(
        "MAIL_SERVER",
        kinds.MAIL_HOST,
        "",
        _("SMTP server; without one mails fail in production, else they go to the log and the instance's folder mail."),
        in_browser=True,
    ),
    Setting(
        "MAIL_PORT",
        kinds.whole_number(1, 65535),
        "",
        _("Port of the SMTP server; when empty 587 (starttls), 465 (ssl) or 25 (none)."),
        in_browser=True,
    ),
    Setting("MAIL_USERNAME", kinds.line(200), "", _("Name to log in to the SMTP server with."), in_browser=True),
    Setting(
        "MAIL_PASSWORD",
        kinds.line(500),
        "",
        _("Password to log in to the SMTP server with."),
        secret=True,
        in_browser=True,
    ),
    Setting(
        "MAIL_TLS",
        kinds.choice("starttls", "ssl", "none"),
        "starttls",
        _("Encryption of the connection to the SMTP server."),
        in_browser=True,
    ),
    Setting(
        "MAIL_SMTPUTF8",
        kinds.BOOL,
        "no",
        _("Whether the SMTP server takes letters beyond ASCII before the @."),
        in_browser=True,
    ),
    Setting("MAIL_FROM", kinds.MAIL_SENDER, "Madang <noreply@localhost>", _("Sender of every mail."), in_browser=True),
    Setting(
        "SEND_MAIL_PER_DAY",
        kinds.whole_number(0, 100_000),
        "20",
        _("Mails that one person may send in a day on the page for it; 0 closes the page."),
        defaults={"development": "1000", "testing": "1000"},
        in_browser=True,
    ),
    Setting(
        "EMAIL_CONFIRMATION",
        kinds.AUTO_BOOL,
        "auto",
        _("Whether a new member confirms the e-mail address; auto: when MAIL_SERVER is given."),
        in_browser=True,
    ),
)
