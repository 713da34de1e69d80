"""Fixtures that several files here share."""

from .workers import port, workers

__all__ = ["port", "workers"]
