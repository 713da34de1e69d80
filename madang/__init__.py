"""Madang: a community board that one person can run."""

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

# Nearly all that is loaded stays. By Python's own thresholds the collector would look through all of it again and again
# meanwhile, for a sixth of a start's time; so they are set before anything else is loaded.
gc.set_threshold(50_000, 20, 50)


def create_app(overrides: Mapping[str, Any] | None = None, instance_path: str | Path | None = None) -> "Flask":
    """Create the application (`madang/application.py`), which is loaded only where it is asked for.

    `overrides` win over every other source of settings. Raises `madang.config.ConfigError` with a sentence.
    """
    from .application import make_app

    return make_app(overrides, instance_path)
