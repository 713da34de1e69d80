"""What belongs to a person in the queue of background jobs."""

from madang.core.ownership import NOTHING_MORE, Move, Owned, Rows
from madang.core.queue import Job
from madang.core.queue.result_files import delete_jobs_of

from .operations import delete_guest_jobs

# Neither the name of the file, which is a secret, nor the traceback of a failure.
JOB_COLUMNS = (
    Job.id,
    Job.name,
    Job.arguments,
    Job.state,
    Job.result,
    Job.error_words,
    Job.created_at,
    Job.finished_at,
)

OWNED = (
    Owned(
        column=Job.owner_id,
        export=Rows("jobs.json", JOB_COLUMNS),
        on_merge=Move(),
        on_delete=delete_jobs_of,
        on_removal=NOTHING_MORE,
        on_guest_delete=delete_guest_jobs,
    ),
)
