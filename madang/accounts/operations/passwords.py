"""Password hashing (argon2id) with limited concurrency and constant time, and password strength."""

import threading
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import TypedDict

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.text import normalized

from ..models import PASSWORD_MAX, PASSWORD_MIN

ZXCVBN_MAX = 40  # zxcvbn takes seconds for 72 characters of digits in place of letters; 40 suffice
MIN_STRENGTH_SCORE = 2


class WrongPassword(InvalidInput):
    """The password is not the account's, or there is no such account."""


class Strength(TypedDict):
    """The result of zxcvbn, as far as it is used."""

    score: int  # from 0, easy to guess, to 4


class _Hashing:
    """The configured hasher, and the slots that limit concurrent hashing: each takes 64 MiB."""

    hasher: PasswordHash
    slots: threading.BoundedSemaphore


def configure(settings: Mapping[str, int]) -> None:
    """Set the cost of hashing and the number of concurrent hashes from the `PASSWORD_*` settings."""
    cost = Argon2Hasher(
        memory_cost=settings["PASSWORD_HASH_MEMORY"] // 1024,  # in KiB
        time_cost=settings["PASSWORD_HASH_TIME"],
        parallelism=settings["PASSWORD_HASH_PARALLELISM"],
    )
    slots = threading.BoundedSemaphore(settings["PASSWORD_CHECKS_AT_ONCE"])
    _Hashing.hasher, _Hashing.slots = PasswordHash((cost,)), slots
    _dummy_hash.cache_clear()


def hash_password(password: str) -> str:
    """The argon2id hash of a password, in PHC string format.

    The password is normalised (NFC), since devices type one letter as different code points.
    """
    with _Hashing.slots:
        return _Hashing.hasher.hash(normalized(password))


def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether `password` matches the hash, normalised or as typed: older hashes are of passwords as typed.

    Takes the same time if `password_hash` is None.
    """
    password = password[:PASSWORD_MAX]
    forms = dict.fromkeys((normalized(password), password))
    return any(_matches(form, password_hash) for form in forms)


def renewed_hash(password: str, password_hash: str | None) -> str | None:
    """The hash to store after a log-in in place of one that is of the password as typed; None if none is needed."""
    normalised = normalized(password[:PASSWORD_MAX])
    if password_hash is None or password == normalised or _matches(normalised, password_hash):
        return None
    return hash_password(password)


def _matches(password: str, password_hash: str | None) -> bool:
    with _Hashing.slots:
        is_match = _Hashing.hasher.verify(password, password_hash or _dummy_hash())
    return is_match and password_hash is not None


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    return _Hashing.hasher.hash("nobody has this password")


@cache
def _zxcvbn() -> Callable[..., Strength]:
    """The strength estimator, imported on first use: its word lists take 12 MB of memory."""
    return import_module("zxcvbn").zxcvbn


def password_error(password: str, *personal_words: str) -> str | None:
    """The error of a new password: its length, or that it is easy to guess for somebody who knows `personal_words`."""
    if len(password) > PASSWORD_MAX:  # as typed, which is what a log-in cuts
        return _("Passwords can have at most %(count)s characters.", count=PASSWORD_MAX)
    password = normalized(password)
    if len(password) < PASSWORD_MIN:
        return _("Passwords need at least %(count)s characters.", count=PASSWORD_MIN)
    strength = _zxcvbn()(password[:ZXCVBN_MAX], user_inputs=[word for word in personal_words if word])
    if strength["score"] < MIN_STRENGTH_SCORE:
        return _("This password is easy to guess. Please choose a less common one, such as a few unrelated words.")
    return None
