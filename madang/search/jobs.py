"""Making the whole index anew, a piece at a time, so that nobody waits to write meanwhile."""

from madang.core.jobs import job

from .operations import PARTS, index_next


@job
def rebuild_index(part: str = "posts", after: int = 0) -> None:
    """Index the next piece and ask for the one after it; a stopped rebuild goes on where it was."""
    parts = list(PARTS)
    last = index_next(part, after)
    if last is not None:
        rebuild_index.later(part=part, after=last)
    elif part != parts[-1]:
        rebuild_index.later(part=parts[parts.index(part) + 1])
