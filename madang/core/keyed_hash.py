"""Keyed hashes: they name something in counts, tickets and cookies without saying what it is."""

import hashlib
import hmac

from .settings import setting


def keyed_hash(purpose: str, *values: object) -> str:
    """A hash of `values` that nobody without the site's secret key can compute or try out; of 32 characters.

    Hashes for another purpose differ.
    """
    text = repr([purpose, *(str(value) for value in values)]).encode("utf-8", "surrogatepass")
    return hmac.new(setting("SECRET_KEY").encode(), text, hashlib.sha256).hexdigest()[:32]
