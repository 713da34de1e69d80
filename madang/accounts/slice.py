"""The manifest of accounts."""

from madang.core.slice import Slice

from . import jobs
from .api import auth as auth_api
from .api import me as me_api
from .api import people as people_api
from .api import recovery as recovery_api
from .ownership import OWNED
from .sentences import staff_verbs
from .views import access_tokens, authentication, deletion, guest, people, recovery, settings

SLICE = Slice(
    name="accounts",
    blueprints=[
        authentication.bp,
        recovery.bp,
        settings.bp,
        access_tokens.bp,
        deletion.bp,
        people.bp,
        guest.bp,
    ],
    api=[auth_api.bp, people_api.bp, me_api.bp, recovery_api.bp],
    jobs=[jobs],
    owned=OWNED,
    staff_verbs=staff_verbs,
    feature_of_blueprints={guest.bp.name: "FEATURE_GUESTS"},
)
