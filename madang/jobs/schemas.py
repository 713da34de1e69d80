"""The shapes of jobs in the API."""

from marshmallow import fields

from madang.core.queue import ENDED, WAITING
from madang.core.rest.blueprint import PREFIX
from madang.core.rest.schemas import Schema, choice, computed, moment, text, truth, whole

MAINTENANCE = ("rebuild_index", "purge")


class JobSchema(Schema):
    """A piece of work in the background; `pages.JobRow`."""

    id = whole("The job's number.", 5)
    name = text("What kind of work it is, for programs.", "tools.count_words")
    title = text("The same in words.", "Count words")
    about = text("What this one is about.", "https://example.org")
    state = choice(f"`{'`, `'.join((*WAITING, *ENDED))}`.", *WAITING, *ENDED)
    state_words = computed(text("The same in words.", "Waiting"), lambda row: row.words)
    progress = computed(whole("How far it is, in percent.", 40), lambda row: row.percent)
    is_ended = truth("Whether nothing more happens to it.", False)
    can_retry = truth("Whether it can be run again.", False)
    problem = text("What went wrong, in words; empty if nothing did.", "")
    error_code = text("A stable word for what went wrong.", "not_fetched", allow_none=True)
    file_url = computed(
        text("Where the file is that it has left.", "/api/v1/jobs/5/file", allow_none=True),
        lambda row: f"{PREFIX}/jobs/{row.id}/file" if row.address else None,
    )
    created_at = moment("When it was asked for.")
    finished_at = moment("When it ended.", allow_none=True)


class JobResultSchema(Schema):
    """What came of a job."""

    result = fields.Dict(
        keys=fields.String(),
        allow_none=True,
        metadata={
            "description": "Names and values, by the kind of work; null where it leaves none.",
            "example": {"words": 120, "different": 80},
        },
    )


class NewMaintenanceSchema(Schema):
    """Work that keeps the site in order."""

    job = choice("What to do.", *MAINTENANCE, required=True)
