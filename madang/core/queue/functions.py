"""Job functions by name, and the texts of those that their owners see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import MappingProxyType

import structlog

from madang.core.clock import now
from madang.core.db import after_commit, db
from madang.core.i18n import current_locale

from . import rq_transport
from .models import Job, JsonObject


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a job: `values` for its page, and the name of a file from `result_files.new_result_file`."""

    values: JsonObject
    file: str


@dataclass(frozen=True, slots=True)
class Report:
    """A result as a job's page shows it: facts as (name, value), and optionally a table with a caption."""

    facts: Sequence[tuple[str, str]] = ()
    caption: str = ""
    columns: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()


@dataclass(eq=False)
class JobFunction:
    """A function that workers run; `enqueue(**arguments)` adds a job that calls it.

    Rows hold its `name`, which stays when the function moves. Owners see only jobs that have a `title`.
    `about(arguments)` describes one job in a few words, `report(result)` its result; all three return text in the
    current language. `former` holds the names that stored rows may have besides, each with a function of those rows'
    arguments that returns the arguments of today. A job that raises an error runs up to `tries` times. `feature` names
    the setting that switches it off: its jobs are cancelled meanwhile.
    """

    name: str
    function: Callable[..., JsonObject | Outcome | None]
    title: Callable[[], str] | None
    about: Callable[[JsonObject], str]
    report: Callable[[JsonObject], Report]
    former: Mapping[str, Callable[..., JsonObject]]
    tries: int
    feature: str = ""

    def __post_init__(self) -> None:
        for name in (self.name, *self.former):
            if functions.setdefault(name, self) is not self:
                raise ValueError(f"Two jobs are named {name}.")

    def arguments_of(self, name: str, stored: JsonObject) -> JsonObject:
        """Return the arguments of a row, which has the job's name or a former one."""
        return self.former[name](**stored) if name in self.former else stored

    def enqueue(self, *, owner_id: int | None = None, delay: timedelta = timedelta(0), **arguments: object) -> Job:
        """Add the job's row to the current transaction; its commit wakes a worker.

        `arguments` are ids and other JSON values. The job runs in the current language. With an owner the row is
        flushed, so that it has an id for its page; other rows are inserted together.
        """
        moment = now()
        job = Job(
            name=self.name,
            arguments=arguments,
            owner_id=owner_id,
            locale=current_locale(),
            request_id=structlog.contextvars.get_contextvars().get("request_id"),
            run_at=moment + delay,
            created_at=moment,
        )
        db.session.add(job)
        if owner_id is not None:
            db.session.flush()
        if not delay:
            after_commit(lambda: rq_transport.wake_workers(job.id))
        return job


USUAL_TRIES = 5  # within 20 minutes
functions: dict[str, JobFunction] = {}  # by name; a job with former names is under each of them


def job(
    name: str,
    *,
    title: Callable[[], str] | None = None,
    about: Callable[[JsonObject], str] = lambda _arguments: "",
    report: Callable[[JsonObject], Report] = lambda _result: Report(),
    former: Mapping[str, Callable[..., JsonObject]] = MappingProxyType({}),
    tries: int = USUAL_TRIES,
) -> Callable[[Callable[..., JsonObject | Outcome | None]], JobFunction]:
    """Make a function a job: `@job("posts.purge_pictures")`. Its effects and its end are one transaction.

    `name` is stored with each job and has the form `<slice>.<function>`. A job that is renamed takes the former name
    along in `former`, with a function from the arguments of then to those of now: rows that wait while a site is
    upgraded still run. The return value is stored as the job's result. A job may run more than once, but only one run's
    effects stay. A long one commits in pieces (`with transaction():` and `checkpoint`) or does its slow part before it
    writes: SQLite has one writer at a time. Raises `ValueError` for a name that is taken.
    """
    return partial(JobFunction, name, title=title, about=about, report=report, former=former, tries=tries)


def of_feature(setting_name: str) -> Callable[[JobFunction], JobFunction]:
    """Make a job one of a feature that can be switched off: `@of_feature("FEATURE_TOOLS")` above `@job`."""

    def mark(function: JobFunction) -> JobFunction:
        function.feature = setting_name
        return function

    return mark


def listed_names() -> list[str]:
    """The names of the jobs that their owners see."""
    return [name for name, function in functions.items() if function.title]


def is_listed(name: str) -> bool:
    """Whether owners see the jobs of this name."""
    function = functions.get(name)
    return function is not None and function.title is not None


def job_title(name: str) -> str:
    """The title of the jobs of this name in the current language; the name itself if there is none."""
    function = functions.get(name)
    return function.title() if function is not None and function.title is not None else name
