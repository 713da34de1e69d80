"""Descriptions of the settings: for `madang settings` and the documentation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .chosen import source_of
from .schema import GROUPS, SETTINGS, Setting
from .urls import hide_password


@dataclass(frozen=True)
class SettingRow:
    """One line of `madang settings`; `source` is "default", "environment", "browser" or the path of the file."""

    name: str
    kind: str
    meaning: str
    default: str
    value: str
    source: str


def describe(config: Mapping[str, object], chosen: Collection[str] = ()) -> list[SettingRow]:
    """Return every setting with its meaning, default and current value; secrets and passwords are hidden.

    `chosen` are the names of those that were changed in the browser.
    """
    return [
        SettingRow(
            name=setting.variable,
            kind=setting.kind.name,
            meaning=setting.meaning,
            default=_format_default(setting, setting.default_in(str(config["ENVIRONMENT"]))),
            value=_format_value(setting, config[setting.name]),
            source="browser" if setting.name in chosen else _source(setting.name, config),
        )
        for setting in SETTINGS.values()
    ]


def markdown_tables() -> str:
    """Return the settings as Markdown tables for the documentation, one for each group."""
    return "\n\n".join(f"## {title}\n\n{_table(group)}" for title, group in GROUPS.items())


def _source(name: str, config: Mapping[str, object]) -> str:
    source = source_of(name, config)
    return "default" if source is None else source or "environment"


def _table(group: tuple[Setting, ...]) -> str:
    rows = [
        f"| `{each.variable}` | {each.kind.name} | {_defaults_cell(each)} | {_browser_cell(each)} | {each.meaning} |"
        for each in group
    ]
    return "\n".join(["| setting | kind | default | in the browser | meaning |", "|---|---|---|---|---|", *rows])


def _browser_cell(setting: Setting) -> str:
    return "yes" if setting.in_browser else "no"


def _defaults_cell(setting: Setting) -> str:
    special = [f"{name}: `{_format_default(setting, text)}`" for name, text in setting.defaults.items()]
    default = _format_default(setting, setting.default)
    return "; ".join([f"`{default}`" if default else "none", *special])


def _format_default(setting: Setting, text: str) -> str:
    if setting.secret and text:
        return "(hidden)"
    return text.replace("{instance}", "instance")


def _format_value(setting: Setting, value: object) -> str:
    if value is None:
        return ""
    return "(hidden)" if setting.secret else hide_password(setting.kind.show(value))
