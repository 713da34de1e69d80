"""Descriptions of the settings: for `madang settings`, the admin pages and the documentation."""

from collections.abc import Mapping
from dataclasses import dataclass

from .schema import GROUPS, SETTINGS, Setting
from .urls import hide_password


@dataclass(frozen=True)
class SettingRow:
    """One line of `madang settings`."""

    name: str
    kind: str
    meaning: str
    default: str
    value: str


def describe(config: Mapping[str, object]) -> list[SettingRow]:
    """Return every setting with its meaning, default and current value; secrets and passwords are hidden."""
    return [
        SettingRow(
            name=setting.variable,
            kind=setting.kind.name,
            meaning=setting.meaning,
            default=_format_default(setting, setting.default_in(str(config["ENVIRONMENT"]))),
            value=_format_value(setting, config[setting.name]),
        )
        for setting in SETTINGS.values()
    ]


def markdown_tables() -> str:
    """Return the settings as Markdown tables for the documentation, one for each group."""
    return "\n\n".join(f"## {title}\n\n{_table(group)}" for title, group in GROUPS.items())


def _table(group: tuple[Setting, ...]) -> str:
    rows = [f"| `{each.variable}` | {each.kind.name} | {_defaults_cell(each)} | {each.meaning} |" for each in group]
    return "\n".join(["| setting | kind | default | meaning |", "|---|---|---|---|", *rows])


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
