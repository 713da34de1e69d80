"""First pass over votes, history and accepted answers: stores in the staging database what the posts need later."""

from .history import IMPORTED_KINDS
from .rows import DumpFile, Row
from .session import ImportSession

UP, DOWN = 2, 3


def stage_votes(run: ImportSession) -> None:
    """Count the up and down votes of each post in Votes.xml, which does not name the voters."""
    file = run.file("Votes.xml")
    for batch in file.batches() if file else ():
        tallies: dict[int, list[int]] = {}
        for _row, (post_id, kind) in run.convert_rows(batch, _vote):
            if kind in (UP, DOWN):
                tallies.setdefault(post_id, [0, 0])[kind - UP] += 1
        run.staging.add_tallies(tallies)


def _vote(row: Row) -> tuple[int, int]:
    return row.required_number("PostId"), row.required_number("VoteTypeId")


def stage_history(run: ImportSession) -> DumpFile | None:
    """Store where each post's texts stand in PostHistory.xml. Returns the file, None if the dump has none."""
    file = run.file("PostHistory.xml")
    for batch in file.batches() if file else ():
        changes = [
            (row, post_id) for row, (post_id, kind) in run.convert_rows(batch, _change) if kind in IMPORTED_KINDS
        ]
        run.staging.add_history([(post_id, row.offset, row.length) for row, post_id in changes])
    run.staging.index_history()
    return file


def _change(row: Row) -> tuple[int, int]:
    """The post and the kind of a change.

    Raises `BrokenRow` for any value that the second pass will read: only the first knows the line.
    """
    row.required_number("Id")
    row.required_moment("CreationDate")
    row.number("UserId")
    return row.required_number("PostId"), row.required_number("PostHistoryTypeId")


def stage_accepted_answers(run: ImportSession, questions: list[Row]) -> list[Row]:
    """Store which answers these questions accepted. Returns the questions without those that are broken."""
    marks = list(run.convert_rows(questions, lambda row: row.number("AcceptedAnswerId")))
    run.staging.add_accepted([(answer, int(row.id)) for row, answer in marks if answer is not None])
    return [row for row, _answer in marks]
