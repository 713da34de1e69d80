"""Words for browsers, names and actions of staff."""

from madang.core.actor import STAFF
from madang.core.i18n import _

# Order matters: most browsers name others too in their user agent.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Whale/", "Whale"),
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER(", "Naver"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """Such as `Firefox on Windows`; `Unknown browser` (translated) if nothing is recognised."""
    browser = _first_match(BROWSERS, user_agent)
    system = _first_match(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("Unknown browser")


def _first_match(names: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for token, name in names if token in user_agent), None)


def role_words(role: str) -> str:
    """The name of a role."""
    return {"member": _("Member"), "moderator": _("Moderator"), "admin": _("Administrator")}[role]


def name_with_badge(name: str, username: str | None, role: str) -> str:
    """A shown name where only text can stand, as in mails and feeds: `Ann Lee (@ann)`, `Big Boss (@dan, Moderator)`.

    It says what pages say beside a name: a username that differs from it, and what staff are.
    """
    notes = [f"@{username}"] if username and username != name else []
    notes += [role_words(role)] if role in STAFF else []
    return f"{name} ({', '.join(notes)})" if notes else name


def staff_verbs() -> dict[str, str]:
    """The actions on accounts that the staff log records, in words."""
    return {
        "add_account": _("Account added"),
        "edit_account": _("Account changed"),
        "suspend_account": _("Account suspended"),
        "lift_suspension": _("Suspension lifted"),
        "delete_account": _("Account deleted"),
        "merge_accounts": _("Accounts merged"),
        "make_password_link": _("Password link created"),
    }
