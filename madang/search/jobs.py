"""Background jobs of the search index."""

from madang.core.i18n import _
from madang.core.queue import checkpoint, job

from .operations.indexing import BATCH_SIZE
from .operations.rebuilding import FIRST_PART, percent_at, rebuild_all


@job("search.rebuild_index", title=lambda: _("Rebuild the search index"))
def rebuild_index(part: str = FIRST_PART, after: int = 0) -> None:
    """Rebuild the whole index; a stopped rebuild resumes after its last batch."""

    def save_progress(name: str, last: int) -> None:
        checkpoint(percent_at(name, last), part=name, after=last)

    rebuild_all(save_progress, part=part, after=after, batch_size=BATCH_SIZE)
