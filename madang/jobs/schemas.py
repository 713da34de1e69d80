"""JSON schemas of jobs."""

from marshmallow import fields

from madang.core.queue import ENDED, UNFINISHED
from madang.core.rest.blueprint import PREFIX
from madang.core.rest.schemas import (
    Schema,
    boolean_field,
    choice_field,
    computed_field,
    integer_field,
    moment_field,
    text_field,
)

MAINTENANCE = ("rebuild_index", "purge")


class JobSchema(Schema):
    """A background job."""

    id = integer_field("The job's number.", 5)
    name = text_field("The stable name of the kind of job.", "tools.count_words")
    title = text_field("The name of the kind of job in the caller's language.", "Count words")
    about = text_field("The subject of this job.", "https://example.org")
    state = choice_field(f"`{'`, `'.join((*UNFINISHED, *ENDED))}`.", *UNFINISHED, *ENDED)
    state_words = computed_field(text_field("The state in the caller's language.", "Waiting"), lambda row: row.words)
    progress = computed_field(integer_field("The progress in percent.", 40), lambda row: row.percent)
    is_ended = boolean_field("Whether it is done, failed or cancelled.", False)
    can_retry = boolean_field("Whether it can be run again.", False)
    problem = text_field("What went wrong, in the caller's language; empty if nothing did.", "")
    error_code = text_field("A stable code for what went wrong.", "not_fetched", allow_none=True)
    file_url = computed_field(
        text_field("The path of the file that it produced.", "/api/v1/jobs/5/file", allow_none=True),
        lambda row: f"{PREFIX}/jobs/{row.id}/file" if row.address else None,
    )
    created_at = moment_field("When it was requested.")
    finished_at = moment_field("When it ended.", allow_none=True)


class JobResultSchema(Schema):
    """The result of a job."""

    result = fields.Dict(
        keys=fields.String(),
        allow_none=True,
        metadata={
            "description": "Names and values, depending on the kind of job; null if it has no result.",
            "example": {"words": 120, "different": 80},
        },
    )


class NewMaintenanceSchema(Schema):
    """A maintenance job to start."""

    job = choice_field("The kind of maintenance job.", *MAINTENANCE, required=True)
