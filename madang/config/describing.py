"""The settings as a person reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


def describe(config: Mapping[str, Any]) -> list[SettingRow]:
    """Every setting with meaning, default and present value; secrets and passwords are hidden."""
    return [
        SettingRow(
            name=setting.variable,
            kind=setting.kind.name,
            meaning=setting.meaning,
            default=_shown_default(setting, setting.default_in(config["ENVIRONMENT"])),
            value=_shown(setting, config[setting.name]),
        )
        for setting in SETTINGS.values()
    ]


def markdown_tables() -> str:
    """The settings as tables for the documentation, one for each group."""
    return "\n\n".join(f"### {title}\n\n{_table(group)}" for title, group in GROUPS.items())


def _table(group: tuple[Setting, ...]) -> str:
    rows = [f"| `{each.variable}` | {each.kind.name} | {_all_defaults(each)} | {each.meaning} |" for each in group]
    return "\n".join(["| setting | kind | default | meaning |", "|---|---|---|---|", *rows])


def _all_defaults(setting: Setting) -> str:
    special = [f"{name}: `{_shown_default(setting, text)}`" for name, text in setting.defaults.items()]
    shown = _shown_default(setting, setting.default)
    return "; ".join([f"`{shown}`" if shown else "none", *special])


def _shown_default(setting: Setting, text: str) -> str:
    if setting.secret and text:
        return "(hidden)"
    return text.replace("{instance}", "instance")


def _shown(setting: Setting, value: Any) -> str:
    if value is None:
        return ""
    return "(hidden)" if setting.secret else hide_password(setting.kind.show(value))
