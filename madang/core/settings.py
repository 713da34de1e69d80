"""The settings of the running site, for code that may not import Flask."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, current_app

from madang.config import BROWSER_SETTINGS

CHOSEN = "chosen_settings"


def init_app(app: Flask, chosen: Callable[[], Mapping[str, object]]) -> None:
    """Lay the values of `chosen` over those of the start; it is called at each use of a setting that it can have."""
    app.extensions[CHOSEN] = chosen


def setting(name: str) -> Any:
    """The value of the setting MADANG_<name> (docs/operations/settings.md). Raises `KeyError` for an unknown name.

    A setting that can be changed in the browser must be read at each use: another process may have changed it.
    """
    if name in BROWSER_SETTINGS:
        chosen = _chosen()
        if name in chosen:
            return chosen[name]
    return current_app.config[name]


def settings() -> dict[str, object]:
    """Every setting by its name without MADANG_."""
    return {**current_app.config, **_chosen()}


def _chosen() -> Mapping[str, object]:
    """The values of `init_app`; none for an application that has no site, as in tests of a single module."""
    chosen = current_app.extensions.get(CHOSEN)
    return chosen() if chosen else {}


def settings_of_start() -> Mapping[str, object]:
    """Every setting as the environment, the settings file and the defaults give it, whatever was chosen since."""
    return current_app.config
