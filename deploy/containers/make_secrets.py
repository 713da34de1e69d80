"""Make the secrets of a site in containers, once: `python make_secrets.py FOLDER`, a volume that web and worker read.

FOLDER gets `settings.env`, which APP_CONFIG_FILE names, with the secret key and the address of the database, and
`database_password` for the database's own container. What is there stays.
"""

import secrets
import sys
from pathlib import Path

DATABASE_URL = "postgresql://madang:{password}@database/madang"
SETTINGS = "SECRET_KEY={key}\nDATABASE_URL={url}\n"


def make_secrets(folder: Path) -> None:
    # The other container runs as another user; nobody but the two mounts the folder.
    _write_once(folder / "database_password", secrets.token_urlsafe(32), mode=0o444)
    url = DATABASE_URL.format(password=(folder / "database_password").read_text(encoding="utf-8"))
    _write_once(folder / "settings.env", SETTINGS.format(key=secrets.token_urlsafe(48), url=url), mode=0o400)


def _write_once(path: Path, text: str, *, mode: int) -> None:
    if path.exists():
        return
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text, encoding="utf-8")
    new.chmod(mode)
    new.replace(path)


if __name__ == "__main__":
    make_secrets(Path(sys.argv[1]))
