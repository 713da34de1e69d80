"""The manifest of admin."""

from madang.core.slice import Slice

from . import jobs
from .api import accounts as accounts_api
from .api import boards as boards_api
from .api import flags as flags_api
from .api import groups as groups_api
from .api import health as health_api
from .api import settings as settings_api
from .api import site_settings as site_settings_api
from .api import staff_log as staff_log_api
from .api import tags as tags_api
from .ownership import OWNED
from .sentences import staff_verbs
from .views import (
    account_actions,
    accounts,
    boards,
    flags,
    groups,
    health,
    settings,
    setup,
    site_settings,
    staff_log,
    tags,
)

SLICE = Slice(
    name="admin",
    blueprints=[
        setup.bp,
        accounts.bp,
        account_actions.bp,
        boards.bp,
        groups.bp,
        tags.bp,
        flags.bp,
        staff_log.bp,
        site_settings.bp,
        settings.bp,
        health.bp,
    ],
    api=[
        accounts_api.bp,
        boards_api.bp,
        groups_api.bp,
        tags_api.bp,
        flags_api.bp,
        staff_log_api.bp,
        settings_api.bp,
        site_settings_api.bp,
        health_api.bp,
    ],
    jobs=[jobs],
    owned=OWNED,
    staff_verbs=staff_verbs,
)
