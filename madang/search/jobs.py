"""The background work of searching."""

from madang.core.i18n import _
from madang.core.queue import checkpoint, job

from .operations.indexing import BATCH
from .operations.rebuilding import FIRST_PART, percent_at, rebuild_all


@job("search.rebuild_index", title=lambda: _("Rebuild the search index"))
def rebuild_index(part: str = FIRST_PART, after: int = 0) -> None:
    """Index everything; a rebuild that was stopped goes on where it was."""

    def keep(name: str, last: int) -> None:
        checkpoint(percent_at(name, last), part=name, after=last)

    rebuild_all(keep, part=part, after=after, at_once=BATCH)
