"""The manifest of posts."""

from madang.core.slice import Slice

from .api import drafts as drafts_api
from .api import files as files_api
from .api import moderating as moderating_api
from .api import posts as posts_api
from .api import revisions as revisions_api
from .counters import COUNTERS
from .fragments.authors import author_of
from .fragments.navigation import place_of, side_nav_at
from .fragments.pictures import link_pictures
from .jobs import posts as posts_jobs
from .jobs.view_counts import ViewFlusher, view_counter
from .ownership import OWNED
from .sentences import staff_verbs
from .views import closing, drafting, editing, files, history, moderating, reading, writing

SLICE = Slice(
    name="posts",
    blueprints=[reading.bp, writing.bp, editing.bp, history.bp, drafting.bp, moderating.bp, closing.bp, files.bp],
    api=[posts_api.bp, revisions_api.bp, moderating_api.bp, drafts_api.bp, files_api.bp],
    jobs=[posts_jobs],
    counters=COUNTERS,
    owned=OWNED,
    template_globals={"side_nav_at": side_nav_at, "place_of": place_of},
    template_filters={"author": author_of, "link_pictures": link_pictures},
    services=[ViewFlusher],
    count_view=view_counter.count,
    staff_verbs=staff_verbs,
)
