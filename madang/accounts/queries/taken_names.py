"""Which usernames are taken: by an account, by an account that had the name before, by one that was deleted.

The name of a deleted account is kept as a keyed hash: enough to refuse it, too little to read it. The key is in the
site's settings, so that names stay reserved when the secret key of the site is changed.
"""

import hashlib
import hmac
from collections.abc import Iterable

from sqlalchemy import select

from madang.core.db import db
from madang.core.site import SiteSetting

from ..models import FormerUsername, RetiredUsername, User

RETIRED_NAMES_KEY = "retired_names_key"


def taken_keys(keys: Iterable[str], *, besides: int | None = None) -> set[str]:
    """Those of the `username_key` values that no account but `besides` may have."""
    keys = set(keys)
    current = select(User.username_key).where(User.username_key.in_(keys))
    former = select(FormerUsername.username_key).where(FormerUsername.username_key.in_(keys))
    if besides is not None:
        current, former = current.where(User.id != besides), former.where(FormerUsername.user_id != besides)
    return {*db.session.scalars(current), *db.session.scalars(former), *_retired_keys(keys)}


def _retired_keys(keys: set[str]) -> set[str]:
    secret = retired_names_key()
    if secret is None:
        return set()
    by_hash = {key_hash(key, secret): key for key in keys}
    rows = db.session.scalars(select(RetiredUsername.key_hash).where(RetiredUsername.key_hash.in_(by_hash)))
    return {by_hash[row] for row in rows}


def retired_names_key() -> str | None:
    """The key of the hashes of retired names; None before the first deletion."""
    return db.session.scalar(select(SiteSetting.value).where(SiteSetting.name == RETIRED_NAMES_KEY))


def key_hash(username_key: str, secret: str) -> str:
    """The HMAC-SHA-256 of a `username_key`, in hexadecimal."""
    return hmac.new(secret.encode(), username_key.encode(), hashlib.sha256).hexdigest()
