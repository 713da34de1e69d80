"""Settings: `load` for the application, `describe` for people."""

from madang.config.describing import SettingRow, describe, markdown_tables
from madang.config.errors import ConfigError
from madang.config.loading import load
from madang.config.schema import SETTINGS, Setting
from madang.config.sources import unknown_variables

__all__ = [
    "SETTINGS",
    "ConfigError",
    "Setting",
    "SettingRow",
    "describe",
    "load",
    "markdown_tables",
    "unknown_variables",
]
