"""The site itself: its name, its language, whether somebody has set it up. One row a setting."""

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
    """A setting that staff change in the browser."""

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
    """The site's present settings."""
    rows = db.session.execute(select(SiteSetting.name, SiteSetting.value)).all()
    kept: dict[str, str] = dict(rows)
    return Site(
        name=kept.get("name") or "Madang",
        description=kept.get("description", ""),
        locale=kept.get("locale", ""),
        is_set_up=kept.get("is_set_up") == "yes",
    )


def set_site(**settings: str) -> None:
    """Write settings; the pages of this process show them as soon as they are committed."""
    for name, value in settings.items():
        db.session.merge(SiteSetting(name=name, value=value))
    db.session.flush()
    after_commit(site.clear)


def make_setup_code() -> str:
    """A new one-time code for the setup page, as XXXX-XXXX; only its hash is kept."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    code = "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(2))
    set_site(**{SETUP_CODE: _hash(code)})
    return code


def is_setup_code(code: str) -> bool:
    """Whether this is the code that the server printed. Holds it: of two at the same instant one waits."""
    kept = db.session.scalar(select(SiteSetting.value).where(SiteSetting.name == SETUP_CODE).with_for_update()) or ""
    return bool(kept) and hmac.compare_digest(kept, _hash(code))


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().replace("-", "").encode()).hexdigest()
