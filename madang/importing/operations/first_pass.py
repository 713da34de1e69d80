"""First readings of files whose rows belong to posts: what they say is noted in the scratch until the posts come."""

from .history import WANTED
from .rows import DumpFile, Row
from .session import ImportSession

UP, DOWN = 2, 3


def note_votes(run: ImportSession) -> None:
    """Votes.xml: who voted is not told, so up and down are counted for each post."""
    file = run.file("Votes.xml")
    for batch in file.batches() if file else ():
        tallies: dict[int, list[int]] = {}
        for _row, (post_id, kind) in run.sound(batch, _vote):
            if kind in (UP, DOWN):
                tallies.setdefault(post_id, [0, 0])[kind - UP] += 1
        run.scratch.add_tallies(tallies)


def _vote(row: Row) -> tuple[int, int]:
    return row.required_number("PostId"), row.required_number("VoteTypeId")


def note_history(run: ImportSession) -> DumpFile | None:
    """PostHistory.xml: where in it the texts of each post stand."""
    file = run.file("PostHistory.xml")
    for batch in file.batches() if file else ():
        changes = [(row, post_id) for row, (post_id, kind) in run.sound(batch, _change) if kind in WANTED]
        run.scratch.add_history([(post_id, row.offset, row.length) for row, post_id in changes])
    run.scratch.index_history()
    return file


def _change(row: Row) -> tuple[int, int]:
    """The post and the kind of a change. All that is read of it later is tried now, while its line is known."""
    row.required_number("Id")
    row.required_moment("CreationDate")
    row.number("UserId")
    return row.required_number("PostId"), row.required_number("PostHistoryTypeId")


def note_accepted(run: ImportSession, questions: list[Row]) -> None:
    """Which answers these questions accepted."""
    marks = run.sound(questions, lambda row: row.number("AcceptedAnswerId"))
    run.scratch.add_accepted([(answer, int(row.id)) for row, answer in marks if answer is not None])
