"""The values that administrators have chosen in the browser, laid over those of the start."""

from collections.abc import Iterator, Mapping

from .derived import DERIVED, resolve_auto
from .schema import BROWSER_SETTINGS, Setting, Values


def chosen_values(rows: Mapping[str, str], config: Mapping[str, object]) -> Values:
    """Return the values of the settings that `rows` of the table change, and those that follow from them.

    What the environment or the settings file fixes is not changed. A value that this version does not accept is passed
    over; `unusable_rows` names it.
    """
    chosen = {}
    for setting in BROWSER_SETTINGS.values():
        if setting.row_name in rows and not is_fixed(setting.name, config):
            try:
                chosen[setting.name] = parse_chosen(setting, rows[setting.row_name])
            except ValueError:
                continue
    return chosen | _derived(chosen, config) if chosen else chosen


def parse_chosen(setting: Setting, text: str) -> object:
    """Return the value of a chosen text; None for "auto". Raises ValueError, also for an empty text."""
    if not text:
        raise ValueError(text)
    try:
        return setting.parse(text)
    except (KeyError, OSError) as error:  # ZoneInfo raises them
        raise ValueError(text) from error


def is_fixed(name: str, config: Mapping[str, object]) -> bool:
    """Whether the environment or the settings file gives this setting."""
    return name in _sources(config)


def source_of(name: str, config: Mapping[str, object]) -> str | None:
    """The path of the file that fixes a setting; empty for a variable of the environment, None if nothing does."""
    return _sources(config).get(name)


def unusable_rows(rows: Mapping[str, str], config: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the names of the rows that have no effect, each with the reason: unknown, fixed or wrong."""
    settings = {setting.row_name: setting for setting in BROWSER_SETTINGS.values()}
    for name, text in sorted(rows.items()):
        setting = settings.get(name)
        if setting is None:
            if name.isupper():
                yield name, "unknown"
        elif is_fixed(setting.name, config):
            if setting.row_name == setting.name:  # the name and the language are always stored, by the setup
                yield name, "fixed"
        else:
            try:
                parse_chosen(setting, text)
            except ValueError:
                yield name, "wrong"


def _derived(chosen: Values, config: Mapping[str, object]) -> Values:
    """The values of "auto" settings that follow from what is chosen."""
    names = [
        name
        for name, origin in DERIVED.items()
        if name in BROWSER_SETTINGS and (name in chosen or origin in chosen) and chosen.get(name) is None
        if name in chosen or name in automatic_settings(config)
    ]
    effective = {**config, **chosen, **dict.fromkeys(names)}
    resolve_auto(effective)
    return {name: effective[name] for name in names}


def automatic_settings(config: Mapping[str, object]) -> frozenset[str]:
    """The names of the settings whose values are derived, since none is given."""
    names = config.get("AUTOMATIC_SETTINGS")
    return names if isinstance(names, frozenset) else frozenset()


def _sources(config: Mapping[str, object]) -> Mapping[str, str]:
    sources = config.get("SETTING_SOURCES")
    return sources if isinstance(sources, dict) else {}
