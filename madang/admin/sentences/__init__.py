"""Describe entries of the staff log in words: the action, its subject, its details."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row

from madang.core.i18n import _, moment, ngettext, number
from madang.core.mail import can_mail
from madang.core.queue.state import SeenWorker
from madang.core.site import site, text_for_reader
from madang.core.slice import installed_slices

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}


class HealthState(Protocol):
    """What `health_in_words` reads of `operations.health.SiteHealth`."""

    @property
    def version(self) -> str: ...
    @property
    def web_processes(self) -> int: ...
    @property
    def database(self) -> str: ...
    @property
    def database_bytes(self) -> int: ...
    @property
    def jobs(self) -> dict[str, int]: ...
    @property
    def oldest_job_seconds(self) -> int: ...
    @property
    def workers(self) -> Sequence[SeenWorker]: ...
    @property
    def mails(self) -> dict[str, int]: ...
    @property
    def disk_free_bytes(self) -> int: ...
    @property
    def backed_up_at(self) -> datetime | None: ...
    @property
    def backup_verified_at(self) -> datetime | None: ...


def staff_verbs() -> dict[str, str]:
    """The actions on the site itself that the staff log records, in words."""
    return {
        "change_rules": _("Rules changed"),
        "dismiss_checklist": _("First steps dismissed"),
        "change_setting": _("Setting changed"),
        "reset_setting": _("Setting put back to its default"),
    }


@dataclass(frozen=True, slots=True)
class Step:
    """A step after the setup: what to do, why, and the path of the page or the command that does it."""

    name: str
    is_done: bool
    title: str
    description: str
    path: str | None = None
    command: str | None = None


def steps_in_words(done: dict[str, bool]) -> list[Step]:
    """The steps of `steps_done` in words, in its order."""
    sentences = {
        "mail": _mail_words(),
        "boards": (
            _("Review the boards"),
            _("Rename them for your community, add new ones, and archive those you do not need."),
            "/admin/boards",
            None,
        ),
        "rules": (
            _("Write the rules"),
            _("What is welcome and what is not. They are shown on “About”."),
            "/admin/rules",
            None,
        ),
        "people": (
            _("Invite the first members"),
            _("Create an account for someone, and send them the link to set a password."),
            "/admin/users/add",
            None,
        ),
        "backup": (_("Make a backup"), _backup_words(), None, "madang backup /var/backups/madang"),
    }
    return [Step(name, is_done, *sentences[name]) for name, is_done in done.items()]


def _mail_words() -> tuple[str, str, str | None, str | None]:
    title = _("Set up e-mail")
    if not can_mail():
        return (
            title,
            _("Set MADANG_MAIL_SERVER; until then no e-mail is sent. This command shows what else is missing:"),
            None,
            "madang check",
        )
    if site().mail_accepted_at is None:
        words = _(
            "A mail server is set. Send a link to your own address: this step is done "
            "once the server accepts that mail."
        )
        return title, words, "/auth/forgot", None
    return title, _("The mail server has accepted an e-mail."), None, None


def _backup_words() -> str:
    if made_at := site().backed_up_at:
        return _("The last one was made on %(when)s.", when=moment(made_at))
    return _("Run this command every day, for example by a timer. The site keeps running meanwhile:")


Cells = dict[str, str]


def health_in_words(health: HealthState) -> list[Cells]:
    """The state of the site's parts, as rows with `part` and `state`."""
    jobs, mails = health.jobs, health.mails
    waiting = _(
        "%(queued)s waiting, %(running)s running, %(failed)s failed",
        queued=number(jobs["queued"]),
        running=number(jobs["running"]),
        failed=number(jobs["failed"]),
    )
    oldest = ngettext("%(num)s second", "%(num)s seconds", health.oldest_job_seconds)
    sent = _(
        "%(sent)s sent, %(refused)s refused, %(failed)s failed",
        sent=number(mails["sent"]),
        refused=number(mails["refused"]),
        failed=number(mails["failed"]),
    )
    backup = moment(health.backed_up_at) if health.backed_up_at else _("None was made yet.")
    verified = moment(health.backup_verified_at) if health.backup_verified_at else _("None was verified yet.")
    rows = (
        (_("Version"), health.version),
        (_("Web processes"), number(health.web_processes)),
        (_("Database"), f"{DATABASES.get(health.database, health.database)}, {_megabytes(health.database_bytes)}"),
        (_("Background jobs"), waiting),
        (_("Oldest waiting job"), oldest),
        (_("E-mails of the last day"), sent),
        (_("Free on the disk"), _megabytes(health.disk_free_bytes)),
        (_("Last backup"), backup),
        (_("Last verified backup"), verified),
    )
    return [{"part": part, "state": state} for part, state in rows]


def workers_in_words(health: HealthState) -> list[Cells]:
    """The workers, as rows with `worker`, `started` and `seen`."""
    return [
        {"worker": worker.label, "started": moment(worker.started_at), "seen": moment(worker.seen_at)}
        for worker in health.workers
    ]


def _megabytes(size: int) -> str:
    """A size in bytes, rounded up."""
    return _("%(count)s MB", count=number(-(-size // 1024**2)))


def all_staff_verbs() -> dict[str, str]:
    """All actions that the staff log records, in words, in the order of the slices that declare them."""
    return {verb: words for each in installed_slices() for verb, words in each.staff_verbs().items()}


def verb_words(verb: str) -> str:
    """The description of a verb; an unknown verb is returned unchanged."""
    return all_staff_verbs().get(verb, verb)


def kind_words(kind: str) -> str:
    """The plural name of a kind of subject; an unknown kind is returned unchanged."""
    labels = {
        "user": _("People"),
        "post": _("Posts"),
        "comment": _("Comments"),
        "board": _("Boards"),
        "group": _("Groups"),
        "tag": _("Tags"),
        "site": _("The site"),
    }
    return labels.get(kind, kind)


def numbered_label(kind: str, number: int | None) -> str:
    """A subject by its id, where its name is unknown or may not be shown."""
    labels = {
        "user": _("Account no. %(number)s", number=number),
        "post": _("Post no. %(number)s", number=number),
        "comment": _("Comment no. %(number)s", number=number),
        "board": _("Board no. %(number)s", number=number),
        "group": _("Group no. %(number)s", number=number),
        "tag": _("Tag no. %(number)s", number=number),
        "site": _("The site"),
    }
    return labels.get(kind, str(number))


def subject_words(row: Row) -> str:
    """The subject of a log entry: by its name, if it still has one that may be shown, else by its id."""
    if row.kind == "user" and row.subject_username and row.subject_deleted_at is None:
        return row.subject_display_name or row.subject_username
    if row.kind in ("board", "group") and row.payload.get("names"):
        return text_for_reader(row.payload["names"])
    if row.kind in ("board", "tag") and row.payload.get("name"):
        return row.payload["name"]
    return numbered_label(row.kind, row.subject_id)


def staff_action_details(verb: str, payload: dict[str, Any]) -> str:
    """The details of a staff action: names of tags, ids of accounts, counts, changed fields."""
    if verb in ("rename_tag", "merge_tags"):
        return f"{payload['former']} → {payload['name']}"
    if verb in ("add_synonym", "remove_synonym"):
        return f"{payload['synonym']} → {payload['name']}"
    if verb == "merge_accounts":
        return _("with account no. %(number)s", number=payload["gone_id"])
    if verb == "delete_account":
        return _("posts and comments kept") if payload["is_content_kept"] else _("posts and comments deleted")
    if verb in ("uphold_flags", "decline_flags"):
        return ngettext("%(num)s flag", "%(num)s flags", payload["flag_count"])
    if verb in ("change_setting", "reset_setting"):
        return f"MADANG_{payload['setting']}"
    if verb == "make_password_link":
        return _("sent by e-mail") if payload["is_mailed"] else _("shown on the page")
    if "group" in payload:
        return text_for_reader(payload["group"]["names"])
    return ", ".join(_field_label(field) for field in payload.get("changed", ()))


def _field_label(field: str) -> str:
    labels = {
        "username": _("Username"),
        "display_name": _("Display name"),
        "email": _("E-mail address"),
        "role": _("Role"),
        "name": _("Name"),
        "names": _("Name"),
        "slug": _("Address"),
        "description": _("Description"),
        "descriptions": _("Description"),
        "position": _("Position in the list"),
        "is_archived": _("Archive"),
        "uses_math": _("Mathematics"),
        "asks_before_vote": _("Ask before a vote counts"),
        "readers": _("Who may see it"),
        "reader_group_ids": _("Groups that may see it"),
        "color": _("Color of the badge"),
        "joining": _("How people join"),
        "shows_badge": _("Badge"),
        "shows_members": _("List of members"),
        "email_domains": _("E-mail domains"),
    }
    return labels.get(field, field)
