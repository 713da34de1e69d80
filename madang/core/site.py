"""The site's own settings, one row each: name, description, language, whether the setup is done."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from .db import Base, LongText, after_commit, db
from .ttl_cache import ttl_cache

SETUP_CODE = "setup_code_hash"


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


@ttl_cache(seconds=2)
def site() -> Site:
    """The site's current settings."""
    rows = db.session.execute(select(SiteSetting.name, SiteSetting.value)).all()
    values: dict[str, str] = dict(rows)
    return Site(
        name=values.get("name") or "Madang",
        description=values.get("description", ""),
        locale=values.get("locale", ""),
        is_set_up=values.get("is_set_up") == "yes",
    )


def set_site(**settings: str) -> None:
    """Write settings; this process shows them once they are committed, others within the cache's two seconds."""
    for name, value in settings.items():
        db.session.merge(SiteSetting(name=name, value=value))
    db.session.flush()
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
