"""What workers can do: functions by name, and the words for those that their owners see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from madang.core.clock import now
from madang.core.db import after_commit, db
from madang.core.i18n import current_locale

from . import rq_transport
from .models import Job

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job leaves: `values` for its page, and perhaps a file of `files.new_result_file` to be downloaded."""

    values: Values
    file: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a job's page says of its result: facts as (name, value), and perhaps a table with a caption."""

    facts: Sequence[tuple[str, str]] = ()
    caption: str = ""
    columns: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()


class JobFunction:
    """A function that workers run; `later(**arguments)` asks for it within the present transaction.

    Rows hold its `name`, which stays when the function moves. Its owner sees it only if it has a `title`.
    `about(arguments)` says in a few words what this one is about, `report(result)` what came of it; all three speak the
    present language.
    """

    def __init__(
        self,
        name: str,
        function: Callable[..., Values | Outcome | None],
        title: Callable[[], str] | None = None,
        about: Callable[[Values], str] | None = None,
        report: Callable[[Values], Report] | None = None,
    ) -> None:
        self.function, self.title = function, title
        self.about: Callable[[Values], str] = about or (lambda _arguments: "")
        self.report: Callable[[Values], Report] = report or (lambda _result: Report())
        self.name = name
        self.__doc__ = function.__doc__
        if functions.setdefault(name, self) is not self:
            raise ValueError(f"Two jobs are named {name}.")

    def enqueue(self, *, owner_id: int | None = None, delay: timedelta = timedelta(0), **arguments: Any) -> Job:
        """Write the job's row; workers hear of it once it is committed. Arguments are ids and other JSON values.

        What it says to its owner, it says in the language that is spoken now. One that has an owner has its number at
        once, since its page is shown to them; the others are written together.
        """
        moment = now()
        job = Job(
            name=self.name,
            arguments=arguments,
            owner_id=owner_id,
            locale=current_locale(),
            run_at=moment + delay,
            created_at=moment,
        )
        db.session.add(job)
        if owner_id is not None:
            db.session.flush()
        if not delay:
            after_commit(lambda: rq_transport.wake_workers(job.id))
        return job


functions: dict[str, JobFunction] = {}


def job(
    name: str,
    *,
    title: Callable[[], str] | None = None,
    about: Callable[[Values], str] | None = None,
    report: Callable[[Values], Report] | None = None,
) -> Callable[[Callable[..., Values | Outcome | None]], JobFunction]:
    """Make a function a job: `@job("posts.purge_pictures")`. Its effects and its end are one transaction.

    `name` is stored with each job; give it the form `<slice>.<function>` and never change it. Raises `ValueError` for
    a name that is taken. What the function returns is kept as its result. It may be run more than once; only one run's
    effects stay. One with much to do commits in pieces (`with transaction():` and `checkpoint`), or does its slow part
    before it writes: on SQLite everybody else waits for whoever writes.
    """
    return partial(JobFunction, name, title=title, about=about, report=report)


def listed_names() -> list[str]:
    """The names of the jobs that their owners see."""
    return [name for name, function in functions.items() if function.title]


def is_listed(name: str) -> bool:
    function = functions.get(name)
    return function is not None and function.title is not None


def title_of(name: str) -> str:
    """What a job is called, in the present language."""
    function = functions.get(name)
    return function.title() if function is not None and function.title is not None else name
