"""Madang: a community board that one person can run."""

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

# Nearly everything that is imported stays. With Python's default thresholds the garbage collector would traverse it
# repeatedly, for a sixth of the start-up time; so they are raised before anything else is imported.
gc.set_threshold(50_000, 20, 50)


def create_app(overrides: Mapping[str, object] | None = None, instance_path: str | Path | None = None) -> "Flask":
    """Create the application, importing `madang/application.py` on the first call.

    `overrides` take precedence over all other sources of settings. Raises `madang.config.ConfigError`.
    """
    from .application import make_app

    return make_app(overrides, instance_path)
