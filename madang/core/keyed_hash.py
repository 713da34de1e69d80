"""Keyed hashes: they name something in counts, tickets and cookies without saying what it is."""

import hashlib
import hmac

from .settings import setting


def keyed_hash(purpose: str, *values: object) -> str:
    """A hash of `values` that nobody without the site's secret key can compute or try out; of 32 characters.

    Hashes for another purpose differ.
    """
    return hash_with_key(setting("SECRET_KEY"), purpose, *values)


def hash_with_key(key: str, purpose: str, *values: object) -> str:
    """As `keyed_hash`, where there is no application context; `key` is the secret key."""
    text = repr([purpose, *(str(value) for value in values)]).encode("utf-8", "surrogatepass")
    return hmac.new(key.encode(), text, hashlib.sha256).hexdigest()[:32]
