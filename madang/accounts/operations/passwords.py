"""Passwords: argon2id, at most two checks at once, and the same time for a name that does not exist."""

import threading
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from madang.core.i18n import _

from ..models import PASSWORD_MAX, PASSWORD_MIN

ZXCVBN_MAX = 40  # it takes seconds for 72 characters of digits that stand for letters; 40 tell enough
WEAKEST_ALLOWED = 2


class _Checking:
    """How a password is checked, and how many checks run at once: one takes 64 MiB, many would fill the memory."""

    hasher: PasswordHash
    turns: threading.BoundedSemaphore


def configure(settings: Mapping[str, Any]) -> None:
    """Set the cost of a check, and how many may run at the same time."""
    cost = Argon2Hasher(
        memory_cost=settings["PASSWORD_HASH_MEMORY"] // 1024,  # in KiB
        time_cost=settings["PASSWORD_HASH_TIME"],
        parallelism=settings["PASSWORD_HASH_PARALLELISM"],
    )
    at_once = threading.BoundedSemaphore(settings["PASSWORD_CHECKS_AT_ONCE"])
    _Checking.hasher, _Checking.turns = PasswordHash((cost,)), at_once
    _nobody.cache_clear()


def hash_password(password: str) -> str:
    with _Checking.turns:
        return _Checking.hasher.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether `password` is the right one; takes as long when there is no hash to compare with."""
    with _Checking.turns:
        is_right = _Checking.hasher.verify(password[:PASSWORD_MAX], password_hash or _nobody())
    return is_right and password_hash is not None


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _Checking.hasher.hash("nobody has this password")


@cache
def _zxcvbn() -> Callable[..., dict[str, Any]]:
    """The judge of passwords, loaded when the first one is chosen: its lists of words take 12 MB of a site's 130."""
    return import_module("zxcvbn").zxcvbn


def password_problem(password: str, *about: str) -> str | None:
    """Why `password` may not be chosen by the person whom the words in `about` name; None if it may."""
    if len(password) < PASSWORD_MIN:
        return _("A password has at least %(count)s characters.", count=PASSWORD_MIN)
    if len(password) > PASSWORD_MAX:
        return _("A password has at most %(count)s characters.", count=PASSWORD_MAX)
    strength = _zxcvbn()(password[:ZXCVBN_MAX], user_inputs=[word for word in about if word])
    if strength["score"] < WEAKEST_ALLOWED:
        return _("This password is easy to guess. Please choose a less common one; a few unrelated words are good.")
    return None
