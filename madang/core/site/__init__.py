"""The site's own settings, one row each: name, description, rules, language, and what has happened on it once."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Dialect, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from madang.config import BROWSER_SETTINGS, Setting, chosen_values

from ..db import Base, LongText, add_if_new, after_commit, db
from ..i18n import LOCALES, current_locale
from ..settings import setting, settings_of_start
from ..ttl_cache import ttl_cache_if
from .encryption import UnreadableSecret, decrypt, encrypt

SETUP_CODE = "setup_code_hash"
SECONDS = 2  # after which other processes see a change of the settings
SECRETS = frozenset(each.row_name for each in BROWSER_SETTINGS.values() if each.secret)


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
    chosen: Mapping[str, object]  # settings that were changed in the browser, by name


def _is_set_up(site: Site) -> bool:
    return site.is_set_up


# No process may show the page of setup to the administrator just created.
@ttl_cache_if(_is_set_up, seconds=SECONDS)
def site() -> Site:
    """The site's current settings."""
    values = stored_rows()
    chosen = chosen_values(readable_rows(values), settings_of_start())
    return Site(
        name=str(chosen.get("SITE_NAME") or settings_of_start()["SITE_NAME"]),
        description=str(chosen.get("SITE_DESCRIPTION") or settings_of_start()["SITE_DESCRIPTION"] or ""),
        locale=str(chosen.get("DEFAULT_LOCALE") or ""),
        is_set_up=values.get("is_set_up") == "yes",
        rules=values.get("rules", ""),
        mail_accepted_at=moment_of(values.get("mail_accepted_at")),
        backed_up_at=moment_of(values.get("backed_up_at")),
        backup_verified_at=moment_of(values.get("backup_verified_at")),
        backup_failed_at=moment_of(values.get("backup_failed_at")),
        backup_failure=values.get("backup_failure", ""),
        is_checklist_dismissed=values.get("is_checklist_dismissed") == "yes",
        is_in_maintenance=values.get("maintenance") == "yes",
        chosen=chosen,
    )


def stored_rows() -> dict[str, str]:
    """Every row of the table: the site's own, and the settings that were changed in the browser."""
    rows: dict[str, str] = dict(db.session.execute(select(SiteSetting.name, SiteSetting.value)).all())
    return rows


def chosen_settings() -> Mapping[str, object]:
    """The settings that administrators have changed in the browser, by name (`core/settings.py`)."""
    return site().chosen


def readable_rows(rows: Mapping[str, str]) -> dict[str, str]:
    """The rows with their secrets decrypted; without those that were encrypted with another secret key."""
    readable = dict(rows)
    for name in SECRETS & rows.keys():
        try:
            readable[name] = decrypt(rows[name])
        except UnreadableSecret:
            del readable[name]
    return readable


def moment_of(text: str | None) -> datetime | None:
    """The moment of a setting, which is stored as ISO 8601; None if it is not set."""
    return datetime.fromisoformat(text) if text else None


def site_locale() -> str:
    """The site's default language."""
    return site().locale or setting("DEFAULT_LOCALE")


def offered_locales() -> tuple[str, ...]:
    """The languages that readers of the site can choose."""
    return tuple(setting("LANGUAGES").split())


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


def lock_chosen() -> dict[str, str]:
    """The stored texts of the settings that were changed in the browser, by their rows; secrets are encrypted.

    Locks them until the transaction ends: a concurrent change waits.
    """
    # A row that every site has, since those of the settings may not be there yet.
    db.session.execute(select(SiteSetting.value).where(SiteSetting.name == "is_set_up").with_for_update())
    return chosen_rows()


def chosen_rows() -> dict[str, str]:
    """The stored texts of the settings that were changed in the browser, by their rows; secrets are encrypted."""
    names = [each.row_name for each in BROWSER_SETTINGS.values()]
    rows = select(SiteSetting.name, SiteSetting.value).where(SiteSetting.name.in_(names))
    texts: dict[str, str] = dict(db.session.execute(rows).all())
    return texts


def choose(definition: Setting, text: str | None) -> None:
    """Store the text of a setting, a secret encrypted; None puts it back to its default."""
    if text is None:
        db.session.execute(delete(SiteSetting).where(SiteSetting.name == definition.row_name))
        after_commit(site.clear)
    else:
        set_site(**{definition.row_name: encrypt(text) if definition.secret else text})


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
