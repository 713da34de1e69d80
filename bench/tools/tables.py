"""Markdown table of a benchmark's results."""

import os
import platform
from typing import NamedTuple


class Result(NamedTuple):
    """A row of the table; with `is_least` the target is a minimum, else a maximum."""

    what: str
    target: float | None
    measured: float
    unit: str
    is_least: bool = False

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "yes" if (self.measured >= self.target if self.is_least else self.measured <= self.target) else "**no**"

    def __str__(self) -> str:
        sign = "≥" if self.is_least else "≤"
        target = "" if self.target is None else f"{sign} {self.target:,g} {self.unit}"
        return f"| {self.what} | {target} | {self.measured:,.4g} {self.unit} | {self.verdict} |"


HEAD = "| what | target | measured | met |\n|---|---|---|---|"


def machine() -> str:
    """The machine, its load and the Python version, for the caption of a table."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{os.cpu_count()} cores (load {load}), {platform.platform()}, Python {platform.python_version()}"
