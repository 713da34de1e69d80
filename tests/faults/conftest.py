"""Fixtures of several files of this folder."""

from .workers import port, workers

__all__ = ["port", "workers"]
