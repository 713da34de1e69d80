"""The site's own settings, one row each: name, description, rules, language, and what has happened on it once."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Dialect, String, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from .db import Base, LongText, add_if_new, after_commit, db
from .i18n import LOCALES, current_locale
from .settings import setting
from .ttl_cache import ttl_cache_if

SETUP_CODE = "setup_code_hash"
SECONDS = 2  # after which other processes see a change of the settings


class SiteSetting(Base):
    """A site setting that administrators change in the browser."""

    __tablename__ = "site_settings"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(LongText)


@dataclass(frozen=True, slots=True)
class Site:
    name: str
    description: str
    locale: str
    is_set_up: bool
    rules: str
    mail_accepted_at: datetime | None
    backed_up_at: datetime | None
    backup_verified_at: datetime | None
    backup_failed_at: datetime | None
    backup_failure: str
    is_checklist_dismissed: bool
    is_in_maintenance: bool


def _is_set_up(site: Site) -> bool:
    return site.is_set_up


# No process may show the page of setup to the administrator just created.
@ttl_cache_if(_is_set_up, seconds=SECONDS)
def site() -> Site:
    """The site's current settings."""
    rows = db.session.execute(select(SiteSetting.name, SiteSetting.value)).all()
    values: dict[str, str] = dict(rows)
    return Site(
        name=values.get("name") or "Madang",
        description=values.get("description", ""),
        locale=values.get("locale", ""),
        is_set_up=values.get("is_set_up") == "yes",
        rules=values.get("rules", ""),
        mail_accepted_at=moment_of(values.get("mail_accepted_at")),
        backed_up_at=moment_of(values.get("backed_up_at")),
        backup_verified_at=moment_of(values.get("backup_verified_at")),
        backup_failed_at=moment_of(values.get("backup_failed_at")),
        backup_failure=values.get("backup_failure", ""),
        is_checklist_dismissed=values.get("is_checklist_dismissed") == "yes",
        is_in_maintenance=values.get("maintenance") == "yes",
    )


def moment_of(text: str | None) -> datetime | None:
    """The moment of a setting, which is stored as ISO 8601; None if it is not set."""
    return datetime.fromisoformat(text) if text else None


def site_locale() -> str:
    """The site's default language."""
    return site().locale or setting("DEFAULT_LOCALE")


def text_for_reader(texts: Mapping[str, str]) -> str:
    """Of texts by language the one in the current language, else in the site's, else the first that there is."""
    return texts.get(current_locale()) or texts.get(site_locale()) or next(iter(texts.values()), "")


def texts_by_language(texts: str | Mapping[str, str]) -> dict[str, str]:
    """The texts that are not empty, in the order of the languages; a plain text is in the site's default language."""
    given = {site_locale(): texts} if isinstance(texts, str) else texts
    return {locale: given[locale] for locale in LOCALES if given.get(locale)}


class TextForReader(TypeDecorator[str]):
    """Reads a JSON column of texts by language as the one that `text_for_reader` chooses."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: dict[str, str] | None, dialect: Dialect) -> str:
        return text_for_reader(value or {})


def set_site(**settings: str) -> None:
    """Write settings; this process shows them once they are committed, others within `SECONDS`."""
    for name, value in settings.items():
        db.session.merge(SiteSetting(name=name, value=value))
    db.session.flush()
    after_commit(site.clear)


def record_once(name: str, moment: datetime) -> None:
    """Write the first moment at which something happened. Writers at the same time do not disturb each other."""
    if add_if_new(SiteSetting, name=name, value=moment.isoformat()):
        after_commit(site.clear)


def make_setup_code() -> str:
    """A new one-time code for the setup page, in the form XXXX-XXXX; only its hash is stored."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    code = "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(2))
    set_site(**{SETUP_CODE: _hash(code)})
    return code


def is_setup_code(code: str) -> bool:
    """Whether this is the code that the server printed. Locks its row: a concurrent setup waits."""
    stored = db.session.scalar(select(SiteSetting.value).where(SiteSetting.name == SETUP_CODE).with_for_update()) or ""
    return bool(stored) and hmac.compare_digest(stored, _hash(code))


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().replace("-", "").encode()).hexdigest()
