"""Settings: loading for the application, descriptions for administrators."""

from .describing import SettingRow, describe, markdown_tables
from .errors import ConfigError
from .loading import load
from .schema import SETTINGS, Setting
from .secret import RANDOM_KEY_COMMAND
from .sources import unknown_variables

__all__ = [
    "RANDOM_KEY_COMMAND",
    "SETTINGS",
    "ConfigError",
    "Setting",
    "SettingRow",
    "describe",
    "load",
    "markdown_tables",
    "unknown_variables",
]
