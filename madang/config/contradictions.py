"""Values that are right by themselves, but not together."""

from collections.abc import Iterator, Mapping

from .texts import gettext_noop as _

# Links must not come from the Host header: an attacker could send a password reset to another site.
MAIL_WITHOUT_ADDRESS = _("MADANG_SITE_URL must be set with MADANG_MAIL_SERVER: links in mails begin with it.")
CONFIRMATION_WITHOUT_MAIL = _(
    "Nobody can confirm an address without a mail server: MADANG_EMAIL_CONFIRMATION needs MADANG_MAIL_SERVER."
)
DEFAULT_NOT_OFFERED = _("MADANG_DEFAULT_LOCALE must be one of MADANG_LANGUAGES.")


def contradictions(values: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the names of settings whose values contradict one another, with a sentence that has translations."""
    if values["ENVIRONMENT"] == "production" and values["MAIL_SERVER"] and not values["SITE_URL"]:
        yield ("MAIL_SERVER", "SITE_URL"), MAIL_WITHOUT_ADDRESS
    if values["EMAIL_CONFIRMATION"] and not values["MAIL_SERVER"]:
        yield ("EMAIL_CONFIRMATION", "MAIL_SERVER"), CONFIRMATION_WITHOUT_MAIL
    if values["DEFAULT_LOCALE"] not in str(values["LANGUAGES"]).split():
        yield ("DEFAULT_LOCALE", "LANGUAGES"), DEFAULT_NOT_OFFERED
