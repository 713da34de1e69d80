"""Check an installation for misconfiguration, for `madang check`."""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from redis import Redis, RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from madang.accounts.models import User
from madang.config import RANDOM_KEY_COMMAND, unknown_variables, unusable_rows
from madang.core.clock import now
from madang.core.db import db
from madang.core.db.upgrade import current_revision, is_up_to_date
from madang.core.i18n import _
from madang.core.site import readable_rows, site, stored_rows
from madang.core.storage.backends import StoreUnavailable, check_store, make_store

from .findings import Config, Finding, Findings, error, notice
from .network_checks import network_findings
from .running_checks import check_clock, check_mails, check_open_files, check_permissions, check_queue

MIN_FREE_BYTES = 200 * 1024**2
LOW_FREE_BYTES = 2 * 1024**3
MIN_DISTINCT_CHARACTERS = 10
REDIS_TIMEOUT_SECONDS = 2
MAX_BACKUP_AGE = timedelta(days=2)


def findings(config: Config, environ: Mapping[str, str]) -> Findings:
    """Run all checks but those of other machines (`network_findings`).

    Yields errors and notices, the most severe of each check first.
    """
    yield from _check_environment(config, environ)
    yield from _check_secret_key(config)
    yield from _check_site_url(config)
    yield from _check_mail(config)
    yield from _check_chosen_settings(config)
    yield from _check_folders(config)
    yield from _check_file_store(config)
    yield from _check_redis(config)
    yield from check_permissions(config, environ)
    yield from check_open_files(config)
    yield from _check_database(config)
    yield from _check_backups(config)


def all_findings(config: Config) -> list[Finding]:
    """What `findings` and `network_findings` find with the environment of this process."""
    return [*findings(config, os.environ), *network_findings(config)]


def _check_environment(config: Config, environ: Mapping[str, str]) -> Findings:
    for name, suggestion in unknown_variables(environ).items():
        hint = " " + _("Did you mean MADANG_%(name)s?", name=suggestion) if suggestion else ""
        yield error(_("%(name)s is not a setting and has no effect.", name=name) + hint)
    if config["DEBUG"]:
        yield error(_("Debug mode is on: anyone who triggers an error can run commands here. Unset FLASK_DEBUG."))
    if config["ENVIRONMENT"] != "production":
        yield notice(
            _(
                "This is a %(environment)s installation. For a public site, set MADANG_CONFIG=production.",
                environment=config["ENVIRONMENT"],
            )
        )


def _check_secret_key(config: Config) -> Findings:
    if config["ENVIRONMENT"] == "production" and len(set(config["SECRET_KEY"])) < MIN_DISTINCT_CHARACTERS:
        yield error(_("MADANG_SECRET_KEY can be guessed. Make one with: %(command)s", command=RANDOM_KEY_COMMAND))


def _check_site_url(config: Config) -> Findings:
    address = urlsplit(config["SITE_URL"] or "")
    if not address.hostname:
        yield Finding(
            config["ENVIRONMENT"] == "production",
            _("MADANG_SITE_URL is empty. Set it to the address that people type: links in e-mails begin with it."),
        )
    elif address.scheme == "http" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield error(_("MADANG_SITE_URL begins with http, so passwords are sent unencrypted. Please use https."))
    elif address.scheme == "https" and config["TRUSTED_PROXIES"] == 0:
        yield notice(
            _(
                "MADANG_TRUSTED_PROXIES is 0. If a proxy provides https, set it to 1: "
                "otherwise all visitors count as one."
            )
        )


def _check_mail(config: Config) -> Findings:
    if not config["MAIL_SERVER"] and config["ENVIRONMENT"] == "production":
        yield error(_("MADANG_MAIL_SERVER is empty, so no e-mail is sent: nobody can reset a password. Set it."))
    elif not config["MAIL_SERVER"]:
        yield notice(
            _(
                "MADANG_MAIL_SERVER is empty: e-mails are written to %(folder)s and reach no one.",
                folder=Path(config["INSTANCE"]) / "mail",
            )
        )
    elif config["MAIL_FROM"].rstrip(">").endswith("@localhost"):
        yield error(_("MADANG_MAIL_FROM ends with localhost, which mail servers refuse. Use a real address."))


def _check_chosen_settings(config: Config) -> Findings:
    """Settings of the browser that have no effect, since they are unknown here, fixed, wrong or unreadable."""
    try:
        stored = stored_rows()
    except SQLAlchemyError:  # `_check_database` says so
        return
    rows = readable_rows(stored)
    for name in sorted(stored.keys() - rows.keys()):
        yield notice(
            _(
                "MADANG_%(name)s was encrypted with another MADANG_SECRET_KEY and is not used. "
                "Please type it again at /admin/settings.",
                name=name,
            )
        )
    for name, reason in unusable_rows(rows, config):
        yield notice(_UNUSABLE[reason](name))


_UNUSABLE: dict[str, Callable[[str], str]] = {
    "unknown": lambda name: _("The setting %(name)s is stored, but this version does not know it.", name=name),
    "fixed": lambda name: _(
        "MADANG_%(name)s is set at /admin/settings, but the environment or the settings file takes precedence.",
        name=name,
    ),
    "wrong": lambda name: _(
        "The value of MADANG_%(name)s at /admin/settings is not allowed, so the default is used. Please correct it.",
        name=name,
    ),
}


def _check_folders(config: Config) -> Findings:
    folders = [config["INSTANCE"], *([config["UPLOAD_FOLDER"]] if config["FILE_STORE"] == "folder" else [])]
    for folder in map(Path, folders):
        if not _is_writable(folder):
            yield error(
                _(
                    "%(folder)s cannot be written to. Give the user who runs Madang permission to write there.",
                    folder=folder,
                )
            )
    instance = Path(config["INSTANCE"])
    free = shutil.disk_usage(instance).free if instance.exists() else LOW_FREE_BYTES
    if free < LOW_FREE_BYTES:
        yield Finding(
            free < MIN_FREE_BYTES,
            _(
                "Only %(free)s MB are free on the disk of %(folder)s. Please free some space.",
                free=free // 1024**2,
                folder=instance,
            ),
        )
    if config["SQLITE_SYNCHRONOUS"] != "FULL" and config["DATABASE_URL"].startswith("sqlite"):
        yield notice(_("MADANG_SQLITE_SYNCHRONOUS is not FULL: a power failure can lose posts that were acknowledged."))


def _is_writable(folder: Path) -> bool:
    """Whether a file can be created in `folder`, or in its nearest existing parent."""
    while not folder.exists():
        folder = folder.parent
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _check_file_store(config: Config) -> Findings:
    if config["FILE_STORE"] != "s3":
        return
    try:
        check_store(make_store(config))
    except StoreUnavailable as problem:
        sentence = _(
            "The file store does not respond (%(error)s). Please correct the settings that begin with MADANG_S3.",
            error=problem.__cause__,
        )
        yield error(sentence)


def _check_redis(config: Config) -> Findings:
    if not config["REDIS_URL"]:
        return
    try:
        Redis.from_url(config["REDIS_URL"], socket_connect_timeout=REDIS_TIMEOUT_SECONDS).ping()
    except (RedisError, OSError) as problem:
        yield error(
            _("Redis does not respond (%(error)s). Please start it, or correct MADANG_REDIS_URL.", error=problem)
        )


def _check_database(config: Config) -> Findings:
    try:
        with db.engine.connect() as connection:
            revision, is_current = current_revision(connection), is_up_to_date(connection)
    except SQLAlchemyError as problem:
        reason = str(getattr(problem, "orig", problem)).splitlines()[0]
        sentence = _(
            "The database does not respond (%(error)s). Please see whether it runs and its disk has room, or correct "
            "MADANG_DATABASE_URL.",
            error=reason,
        )
        yield error(sentence)
        return
    if not revision:
        sentence = _(
            "The database is empty. A new site makes its tables when it starts. If there was a site, restore a backup, "
            "or correct MADANG_DATABASE_URL."
        )
        yield error(sentence)
        return
    if not is_current:
        yield error(_("The database tables do not match this version. Run “madang upgrade”."))
        return
    yield from check_queue()
    yield from check_mails()
    yield from check_clock()
    if not has_admin():
        yield notice(_("This site has no administrator yet. Create one with “madang create-admin”."))


def _check_backups(config: Config) -> Findings:
    """Whether backups are made and verified; nothing where the database does not answer, which is said already."""
    try:
        facts = site()
    except SQLAlchemyError:
        return
    if not facts.is_set_up:
        return
    made, verified, failed = facts.backed_up_at, facts.backup_verified_at, facts.backup_failed_at
    if failed is not None and (made is None or failed > made):
        yield error(_("The latest backup failed: %(reason)s", reason=facts.backup_failure))
    if made is None:
        copies = " " + _("A copy of madang.db alone is none.") if config["DATABASE_URL"].startswith("sqlite") else ""
        yield notice(_("No backup was made yet. Make one with “madang backup”, or set MADANG_BACKUP_AT.") + copies)
        return
    if now() - made > MAX_BACKUP_AGE:
        days = (now() - made).days
        yield notice(_("The latest backup is %(days)s days old. Make them daily, by MADANG_BACKUP_AT.", days=days))
    if verified is None:
        yield notice(_("No backup was verified yet. Prove that one can be restored with “madang verify”."))


def has_admin() -> bool:
    """Whether an administrator's account exists."""
    return (
        db.session.scalar(select(User.id).where(User.role == "admin", User.deleted_at.is_(None)).limit(1)) is not None
    )


def terminal_locale(environ: Mapping[str, str] = os.environ) -> str:
    """The language of the terminal, from LC_ALL, LC_MESSAGES or LANG: ko or en."""
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "ko" if locale.startswith("ko") else "en"
