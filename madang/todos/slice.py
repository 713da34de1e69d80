"""The manifest of todos."""

from madang.core.slice import Slice

from . import jobs
from .api import lists as lists_api
from .api import todos as todos_api
from .ownership import OWNED
from .views import saving, todos

SLICE = Slice(
    name="todos",
    blueprints=[todos.bp, saving.bp],
    api=[todos_api.bp, lists_api.bp],
    jobs=[jobs],
    owned=OWNED,
    feature="FEATURE_TODOS",
)
