"""The settings of the running site, for code that may not import Flask."""

from collections.abc import Mapping
from typing import Any

from flask import current_app


def setting(name: str) -> Any:
    """The value of the setting MADANG_<name> (docs/operations/settings.md). Raises `KeyError` for an unknown name."""
    return current_app.config[name]


def settings() -> Mapping[str, object]:
    """Every setting by its name without MADANG_."""
    return current_app.config
