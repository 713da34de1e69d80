"""API schemas of the state of the site."""

from marshmallow import fields

from madang.core.rest.schemas import (
    Schema,
    boolean_field,
    integer_field,
    integer_map_field,
    moment_field,
    text_field,
)


class FindingSchema(Schema):
    """What a check has found."""

    is_wrong = boolean_field("Whether it is an error to repair; else a notice.")
    sentence = text_field("What is wrong and what to do, in the caller's language.", "Redis does not respond.")


class WorkerSchema(Schema):
    """A worker that was seen within the last hour."""

    label = text_field("Its machine, the id of its process, and its number there.", "board:4711:1")
    started_at = moment_field("When it started.")
    seen_at = moment_field("When it was last seen.")


class HealthSchema(Schema):
    """The state of the site."""

    version = text_field("The version that runs.", "0.1.0")
    web_processes = integer_field("The web processes of this machine.", 2)
    database = text_field("The kind of the database.", "postgresql")
    database_bytes = integer_field("The size of the database.", 52_428_800)
    jobs = integer_map_field("Jobs that are queued, running, or have failed.", {"queued": 0, "running": 1, "failed": 0})
    oldest_job_seconds = integer_field("How long the oldest waiting job has been due.", 0)
    workers = fields.List(fields.Nested(WorkerSchema), metadata={"description": "The workers."})
    mails = integer_map_field("Mails of the last 24 hours by outcome.", {"sent": 12, "refused": 0, "failed": 1})
    disk_free_bytes = integer_field("Free space on the disk of the instance folder.", 20_000_000_000)
    backed_up_at = moment_field("When the last backup was made.", allow_none=True)
    backup_verified_at = moment_field("When a backup was last verified.", allow_none=True)
    checked_at = moment_field("When the last check of the installation ended.", allow_none=True)
    is_checking = boolean_field("Whether a check waits or runs.", False)
    findings = fields.List(fields.Nested(FindingSchema), metadata={"description": "What the last check found."})
