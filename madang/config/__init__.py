"""Settings: loading for the application, descriptions for administrators."""

from .chosen import automatic_settings, chosen_values, is_fixed, parse_chosen, source_of, unusable_rows
from .contradictions import contradictions
from .describing import SettingRow, describe, markdown_tables
from .errors import ConfigError
from .loading import load
from .schema import BROWSER_SETTINGS, GROUPS, SETTINGS, Setting
from .secret import RANDOM_KEY_COMMAND
from .sources import unknown_variables

__all__ = [
    "BROWSER_SETTINGS",
    "GROUPS",
    "RANDOM_KEY_COMMAND",
    "SETTINGS",
    "ConfigError",
    "Setting",
    "SettingRow",
    "automatic_settings",
    "chosen_values",
    "contradictions",
    "describe",
    "is_fixed",
    "load",
    "markdown_tables",
    "parse_chosen",
    "source_of",
    "unknown_variables",
    "unusable_rows",
]
