"""Logging: readable lines in development, JSON in production; to standard error, and to a file if one is named.

Handlers that a settings file gives to the logger `madang`, or to the root logger, get the same lines.
"""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import structlog
from concurrent_log_handler import ConcurrentRotatingFileHandler
from flask import Flask
from structlog.typing import EventDict, Processor

from .filters import OncePerSecond, without_private_data

REQUESTS = "madang.request"  # the logger with one line for each request
FIELDS = "fields"  # the attribute of a record that holds what its line says besides its name


class Formatter(structlog.stdlib.ProcessorFormatter):
    """The format of Madang's own handlers, which it is also known by."""


class JsonFormatter(Formatter):
    """One JSON object a line. Lines of requests take a shorter way: there is one for each request."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name != REQUESTS:
            return super().format(record)
        moment = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        line = {"event": record.msg, **getattr(record, FIELDS), "level": "info", "logger": REQUESTS}
        return json.dumps({**line, "timestamp": moment}, ensure_ascii=False)


def init_app(app: Flask) -> None:
    """Replace the handlers of an earlier call. Raises `OSError` if the log file cannot be written."""
    root = logging.getLogger("madang")
    for handler in [handler for handler in root.handlers if isinstance(handler.formatter, Formatter)]:
        root.removeHandler(handler)
        handler.close()
    once = OncePerSecond()
    for handler in _handlers(app, [*root.handlers, *logging.getLogger().handlers]):
        handler.addFilter(once)
        root.addHandler(handler)
    root.setLevel(app.config["LOG_LEVEL"])
    # Readable logs are for development, where a line for each request would hide the others.
    is_json = app.config["LOG_FORMAT"] == "json"
    logging.getLogger(REQUESTS).setLevel(logging.NOTSET if is_json else logging.WARNING)


def write_fields(log: logging.Logger, event: str, fields: Mapping[str, object]) -> None:
    """Write a line of the level INFO: the name of an event, and its fields. Does not look for the caller's place."""
    record = log.makeRecord(log.name, logging.INFO, "", 0, event, (), None, extra={FIELDS: fields})
    log.handle(record)


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
        _add_fields,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final: list[Processor] = (
        [structlog.processors.format_exc_info, _redact, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if is_json
        else [structlog.dev.ConsoleRenderer(colors=has_colours, exception_formatter=structlog.dev.plain_traceback)]
    )
    kind = JsonFormatter if is_json else Formatter
    return kind(foreign_pre_chain=shared, processors=[Formatter.remove_processors_meta, *final])


def _add_fields(_logger: object, _method: str, event: EventDict) -> EventDict:
    event.update(getattr(event["_record"], FIELDS, {}))
    return event


def _redact(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace addresses, links and tokens, which the text of an exception may quote."""
    for name in ("event", "exception"):
        if isinstance(event.get(name), str):
            event[name] = without_private_data(event[name])
    return event
