"""Switched-off features: every page and API route of their slices answers as if it did not exist."""

from collections.abc import Mapping

from flask import Flask, request

from ..errors import NotFound
from ..settings import setting


def init_app(app: Flask, features: Mapping[str, str]) -> None:
    """Close the blueprints of `features` while the setting that each names is off."""

    def refuse_switched_off() -> None:
        name = features.get(request.blueprint or "")
        if name and not setting(name):
            raise NotFound

    app.before_request(refuse_switched_off)


def is_on(name: str) -> bool:
    """Whether the feature of this name ("todos") is on, for templates."""
    return bool(setting(f"FEATURE_{name.upper()}"))
