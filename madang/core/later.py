"""Modules that few starts need, loaded when they are first used."""

from importlib import import_module
from typing import Any


class Later:
    """Stands for the module `name` until somebody asks it for something.

    For what takes tens of milliseconds to load and is used seldom or only by some sites; everything else is imported.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
