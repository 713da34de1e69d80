"""The manifest of search."""

from madang.core.slice import Slice
from madang.posts.fragments.slots import QUESTION_SEARCH

from . import api, jobs, views
from .ownership import OWNED
from .queries.similar import questions_named

SLICE = Slice(
    name="search",
    blueprints=[views.bp],
    api=[api.bp],
    jobs=[jobs],
    owned=OWNED,
    slots=[QUESTION_SEARCH.filled_by(questions_named)],
)
