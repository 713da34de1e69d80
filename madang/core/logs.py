"""Logging: readable lines in development, JSON in production; to standard error, and to a file if one is named.

Handlers that a settings file gives to the logger `madang`, or to the root logger, get the same lines.
"""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import structlog
from concurrent_log_handler import ConcurrentRotatingFileHandler
from flask import Flask
from structlog.typing import Processor


class Formatter(structlog.stdlib.ProcessorFormatter):
    """The format of Madang's own handlers, which it is also known by."""


def init_app(app: Flask) -> None:
    """Replace the handlers of an earlier call. Raises `OSError` if the log file cannot be written."""
    root = logging.getLogger("madang")
    for handler in [handler for handler in root.handlers if isinstance(handler.formatter, Formatter)]:
        root.removeHandler(handler)
        handler.close()
    for handler in _handlers(app, [*root.handlers, *logging.getLogger().handlers]):
        root.addHandler(handler)
    root.setLevel(app.config["LOG_LEVEL"])


def _handlers(app: Flask, others: list[logging.Handler]) -> Iterator[logging.Handler]:
    """The handlers of the settings; `others` are those of the settings file, which may have one for standard error."""
    is_json = app.config["LOG_FORMAT"] == "json"
    if not any(getattr(handler, "stream", None) in (sys.stderr, sys.stdout) for handler in others):
        shown = logging.StreamHandler()
        shown.setFormatter(_formatter(is_json=is_json, has_colours=sys.stderr.isatty()))
        yield shown
    if path := app.config["LOG_FILE"]:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        kept = ConcurrentRotatingFileHandler(
            path,
            maxBytes=app.config["LOG_FILE_SIZE"],
            backupCount=app.config["LOG_FILES_KEPT"],
            encoding="utf-8",
        )
        kept.setFormatter(_formatter(is_json=is_json, has_colours=False))
        yield kept


def _formatter(*, is_json: bool, has_colours: bool) -> Formatter:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if is_json
        else [structlog.dev.ConsoleRenderer(colors=has_colours, exception_formatter=structlog.dev.plain_traceback)]
    )
    return Formatter(foreign_pre_chain=shared, processors=[Formatter.remove_processors_meta, *final])
