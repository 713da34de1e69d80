"""`python -m madang.translations.check`: check that every message is translated, and every translation used.

A message with a context is a message of its own. A template that does not parse fails too. Prints missing entries in
the format of .po files.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages import Catalog, Message
from jinja2 import TemplateSyntaxError

from .build import SOURCES, languages, merge, read_catalogues
from .extract import ContextError, extract

PACKAGE = SOURCES.parent
REQUIRED = ("ko",)
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|(?<!%)%[sdf]|\{\w*\}")


def problems(used: Catalog, folder: Path) -> Iterator[str]:
    """Yield the problems of the catalogues of one language, as text for translators."""
    translated = merge(folder)
    yield from (missing_entry(message) for message in used if message.id and not is_translated(message, translated))
    for path, catalogue in read_catalogues(folder):
        yield from (f"{path}:{line}: {fault}" for line, fault in repetitions(path.read_text(encoding="utf-8")))
        for message in catalogue:
            if message.id:
                yield from (f"{path}:{message.lineno}: {fault}" for fault in faults(message, used, translated))


def repetitions(text: str) -> Iterator[tuple[int, str]]:
    """Yield what the parser passes over, with its line: entries that stand twice, or without a line between them.

    A union of two versions of a file can have both.
    """
    known, line = set(), 1
    for block in text.split("\n\n"):
        keys = tuple(each for each in block.splitlines() if each.startswith(("msgctxt ", "msgid ")))
        strings = [each for each in block.splitlines() if each.startswith(("msgstr ", "msgstr[0] "))]
        if len(strings) > 1:
            yield line, "several entries stand without an empty line between them."
        elif keys in known:
            yield line, f"{keys[-1]} stands twice in this file."
        known.add(keys)
        line += block.count("\n") + 2


def is_translated(message: Message, translated: Catalog) -> bool:
    entry = translated.get(message.id, message.context)
    return entry is not None and all(strings_of(entry))


def faults(message: Message, used: Catalog, translated: Catalog) -> Iterator[str]:
    """Yield the faults of one entry of one file."""
    quoted_id = repr(ids_of(message)[0]) + (f" in the context {message.context!r}" if message.context else "")
    merged = translated.get(message.id, message.context)
    if used.get(message.id, message.context) is None:
        yield f"{quoted_id} stands nowhere in the code."
    if message.fuzzy:
        yield f"{quoted_id} is marked fuzzy; read it and take the mark away."
    if merged is not None and merged.string != message.string:
        yield f"{quoted_id} is translated differently in another file."
    if any(placeholders(text) != placeholders(ids_of(message)[-1]) for text in strings_of(message) if text):
        yield f"{quoted_id} has other placeholders than its translation."


def ids_of(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def strings_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def missing_entry(message: Message) -> str:
    """Return an empty entry in the format of .po files."""
    locations = "#: " + " ".join(f"{name}:{line}" for name, line in message.locations)
    context = [f"msgctxt {quoted(message.context)}"] if message.context else []
    singular, *plural = ids_of(message)
    rest = [f"msgid_plural {quoted(text)}" for text in plural]
    string = 'msgstr[0] ""' if plural else 'msgstr ""'
    return "\n".join([locations, *context, f"msgid {quoted(singular)}", *rest, string, ""])


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def main(package: Path, sources: Path) -> None:
    try:
        used = extract(package)
    except ContextError as error:
        raise SystemExit(str(error)) from error
    except TemplateSyntaxError as error:
        raise SystemExit(f"{error.filename or error.name or 'A template'}:{error.lineno}: {error.message}") from error
    checked = sorted({*REQUIRED, *languages(sources)})
    found = [problem for language in checked for problem in problems(used, sources / language)]
    for problem in found:
        click.echo(problem)
    if found:
        raise SystemExit(f"{len(found)} translations are missing or wrong.")
    click.echo(f"{len(used)} messages are translated.")


if __name__ == "__main__":
    main(PACKAGE, SOURCES)
