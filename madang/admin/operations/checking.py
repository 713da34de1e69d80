"""What is wrong with an installation, said in words: `madang check`."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from redis import Redis, RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from madang.accounts.models import User
from madang.config import RANDOM_KEY_COMMAND, unknown_variables
from madang.core.db import db
from madang.core.db.upgrade import is_up_to_date
from madang.core.i18n import _
from madang.core.storage.backends import StoreAway, make_store, prove

LEAST_FREE_BYTES = 200 * 1024**2
GOOD_FREE_BYTES = 2 * 1024**3
LEAST_LETTERS = 10
REDIS_WAIT_SECONDS = 2

Config = Mapping[str, Any]


class Finding(NamedTuple):
    """Something to mend (`is_wrong`), or only to know; the sentence says what to do."""

    is_wrong: bool
    sentence: str


Findings = Iterator[Finding]


def wrong(sentence: str) -> Finding:
    return Finding(True, sentence)


def note(sentence: str) -> Finding:
    return Finding(False, sentence)


def findings(config: Config, environ: Mapping[str, str]) -> Findings:
    """Everything that is misconfigured, the gravest of each kind first."""
    yield from _environment(config, environ)
    yield from _secret(config)
    yield from _address(config)
    yield from _mail(config)
    yield from _folders(config)
    yield from _file_store(config)
    yield from _redis(config)
    yield from _database(config)


def _environment(config: Config, environ: Mapping[str, str]) -> Findings:
    for name, meant in unknown_variables(environ).items():
        hint = " " + _("Did you mean MADANG_%(name)s?", name=meant) if meant else ""
        yield wrong(_("%(name)s is no setting and changes nothing.", name=name) + hint)
    if config["DEBUG"]:
        yield wrong(_("Debug mode is on: whoever meets an error can run commands here. Unset FLASK_DEBUG."))
    if config["ENVIRONMENT"] != "production":
        yield note(
            _(
                "This is a %(environment)s installation. For a site that others reach, set MADANG_CONFIG=production.",
                environment=config["ENVIRONMENT"],
            )
        )


def _secret(config: Config) -> Findings:
    if config["ENVIRONMENT"] == "production" and len(set(config["SECRET_KEY"])) < LEAST_LETTERS:
        yield wrong(_("MADANG_SECRET_KEY can be guessed. Make one with: %(command)s", command=RANDOM_KEY_COMMAND))


def _address(config: Config) -> Findings:
    address = urlsplit(config["SITE_URL"] or "")
    if not address.hostname:
        yield Finding(
            config["ENVIRONMENT"] == "production",
            _("MADANG_SITE_URL is empty. Set it to the address that people type: links in mails begin with it."),
        )
    elif address.scheme == "http" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield wrong(_("MADANG_SITE_URL begins with http: passwords travel in the open. Please serve by https."))
    elif address.scheme == "https" and config["TRUSTED_PROXIES"] == 0:
        yield note(
            _("MADANG_TRUSTED_PROXIES is 0. If a proxy brings the https, set it to 1: else all readers count as one.")
        )


def _mail(config: Config) -> Findings:
    if not config["MAIL_SERVER"]:
        yield note(
            _(
                "MADANG_MAIL_SERVER is empty: mails are written to %(folder)s and reach nobody.",
                folder=Path(config["INSTANCE"]) / "mail",
            )
        )
    elif config["MAIL_FROM"].rstrip(">").endswith("@localhost"):
        yield wrong(_("MADANG_MAIL_FROM ends with localhost, which mail servers refuse. Give an address of yours."))


def _folders(config: Config) -> Findings:
    folders = [config["INSTANCE"], *([config["UPLOAD_FOLDER"]] if config["FILE_STORE"] == "folder" else [])]
    for folder in map(Path, folders):
        if not _is_writable(folder):
            yield wrong(_("%(folder)s cannot be written to. Give it to the user who runs Madang.", folder=folder))
    instance = Path(config["INSTANCE"])
    free = shutil.disk_usage(instance).free if instance.exists() else GOOD_FREE_BYTES
    if free < GOOD_FREE_BYTES:
        yield Finding(
            free < LEAST_FREE_BYTES,
            _(
                "Only %(free)s MB are left on the disk of %(folder)s. Please make room.",
                free=free // 1024**2,
                folder=instance,
            ),
        )
    if config["SQLITE_SYNCHRONOUS"] != "FULL" and config["DATABASE_URL"].startswith("sqlite"):
        yield note(_("MADANG_SQLITE_SYNCHRONOUS is not FULL: a power failure can take posts that were acknowledged."))


def _is_writable(folder: Path) -> bool:
    """Whether a file can be made in `folder`, or the folder itself where it is not there yet."""
    while not folder.exists():
        folder = folder.parent
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _file_store(config: Config) -> Findings:
    if config["FILE_STORE"] != "s3":
        return
    try:
        prove(make_store(config))
    except StoreAway as error:
        sentence = _(
            "The store of files does not answer (%(error)s). Please correct the settings that begin with MADANG_S3.",
            error=error.__cause__,
        )
        yield wrong(sentence)


def _redis(config: Config) -> Findings:
    if not config["REDIS_URL"]:
        return
    try:
        Redis.from_url(config["REDIS_URL"], socket_connect_timeout=REDIS_WAIT_SECONDS).ping()
    except (RedisError, OSError) as error:
        yield wrong(_("Redis does not answer (%(error)s). Please start it, or correct MADANG_REDIS_URL.", error=error))


def _database(config: Config) -> Findings:
    try:
        with db.engine.connect() as connection:
            is_done = is_up_to_date(connection)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        yield wrong(_("The database does not answer (%(error)s). Please correct MADANG_DATABASE_URL.", error=reason))
        return
    if not is_done:
        yield wrong(_("The tables are not those of this version. Run “flask --app madang db upgrade”."))
        return
    if not has_admin():
        yield note(_("This site has no administrator yet. Make one with “madang create-admin”."))


def has_admin() -> bool:
    """Whether anybody can log in and administer the site."""
    return (
        db.session.scalar(select(User.id).where(User.role == "admin", User.deleted_at.is_(None)).limit(1)) is not None
    )


def terminal_locale(environ: Mapping[str, str] = os.environ) -> str:
    """The language of whoever reads the terminal."""
    wish = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "ko" if wish.startswith("ko") else "en"
