"""The secret key, which signs cookies and links."""

import os
import secrets
from pathlib import Path

from .errors import ConfigError
from .schema import MINIMUM_SECRET_BYTES

RANDOM_KEY_COMMAND = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def check_secret_key(key: str | None) -> None:
    """Raise `ConfigError` for a key that is too short."""
    if len((key or "").encode()) < MINIMUM_SECRET_BYTES:
        raise ConfigError(
            f"MADANG_SECRET_KEY must be a secret of {MINIMUM_SECRET_BYTES} bytes or more in production; "
            f"make one with: {RANDOM_KEY_COMMAND}"
        )


def stored_secret_key(instance: Path) -> str:
    """Return the key in the instance folder; generate it on the first call, readable by its owner only."""
    path = instance / "secret_key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text("utf-8").strip()


def _write_once(path: Path, key: str) -> None:
    # os.link is atomic: of two processes that start together, both read the key of the first.
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(key)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
