"""The settings as their page and the API show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Row

from madang.accounts.policies.accounts import require_administrator
from madang.config import GROUPS, SETTINGS, Setting, is_fixed
from madang.config.urls import hide_password
from madang.core.actor import Actor
from madang.core.errors import NotFound
from madang.core.settings import settings, settings_of_start
from madang.core.site import chosen_rows
from madang.core.text import fold

from ..queries import last_setting_changes
from ..sentences.settings import allowed_words, fixed_words, group_words, meaning_words, setting_text

DEFAULT, BROWSER, ENVIRONMENT = "default", "browser", "environment"


@dataclass(frozen=True, slots=True)
class SettingState:
    """A setting: its definition, its text and default (none of a secret), where they come from, and its last change.

    `fixed_because` is empty for one that can be changed in the browser. `has_value` says whether a secret is set;
    `stored` is the text as it is stored, for `fingerprint` only.
    """

    definition: Setting
    group: str
    text: str
    default: str
    source: str
    fixed_because: str
    has_value: bool
    stored: str
    change: Row | None

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def variable(self) -> str:
        return self.definition.variable

    @property
    def meaning(self) -> str:
        return meaning_words(self.definition)


def setting_states(actor: Actor, search: str = "") -> list[SettingState]:
    """Every setting whose name, meaning or group has the words of `search`. Raises `Forbidden`."""
    require_administrator(actor)
    wanted = fold(search).split()
    return [state for state in _states() if all(word in _searched(state) for word in wanted)]


def get_setting_state(name: str, actor: Actor) -> SettingState:
    """One setting. Raises `Forbidden` and `NotFound`."""
    require_administrator(actor)
    if name not in SETTINGS:
        raise NotFound
    return next(state for state in _states() if state.name == name)


def _states() -> Iterator[SettingState]:
    rows, changes, effective = chosen_rows(), last_setting_changes(), settings()
    for group, definitions in GROUPS.items():
        for definition in definitions:
            yield _state(definition, group, rows, changes.get(definition.name), effective)


def _state(
    definition: Setting, group: str, rows: Mapping[str, str], change: Row | None, effective: Mapping[str, object]
) -> SettingState:
    start = settings_of_start()
    is_chosen = definition.in_browser and bool(rows.get(definition.row_name)) and not is_fixed(definition.name, start)
    default = setting_text(definition, start) if definition.in_browser else definition.default
    text = rows[definition.row_name] if is_chosen else setting_text(definition, start)
    return SettingState(
        definition=definition,
        group=group,
        text="" if definition.secret else hide_password(text),
        default="" if definition.secret else default.replace("{instance}", "instance"),
        source=BROWSER if is_chosen else ENVIRONMENT if is_fixed(definition.name, start) else DEFAULT,
        fixed_because=fixed_words(definition),
        has_value=bool(effective[definition.name]),
        stored=text,
        change=change,
    )


def _searched(state: SettingState) -> str:
    """What the search looks through, in English and in the reader's language."""
    definition = state.definition
    words = (state.variable, definition.meaning, state.meaning, state.group, group_words(state.group))
    return fold(" ".join((*words, allowed_words(definition))))
