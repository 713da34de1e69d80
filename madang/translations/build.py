"""Merges the catalogues of a language (one .po for each slice) and compiles them into the one that is read at run time.

Runs as a file, without the rest of Madang: it is a part of building the package.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCES = Path(__file__).parent
COMPILED = SOURCES.parent / "_build" / "translations"


def compile_catalogues(sources: Path = SOURCES, compiled: Path = COMPILED) -> Path:
    """Compile the languages whose sources changed; returns the folder of `<language>/LC_MESSAGES/messages.mo`."""
    for language in languages(sources):
        target = compiled / language / "LC_MESSAGES" / "messages.mo"
        if not is_fresh(target, sources / language):
            write_catalogue(merge(sources / language), target)
    return compiled


def languages(sources: Path = SOURCES) -> list[str]:
    """The languages that have catalogues; a built package carries compiled ones only, and so none."""
    return sorted({path.parent.name for path in sources.glob("*/*.po")})


def is_fresh(target: Path, folder: Path) -> bool:
    """Whether `target` is newer than the folder and all that lies in it."""
    if not target.exists():
        return False
    # The folder's own time changes when a file is taken away.
    return target.stat().st_mtime >= max(path.stat().st_mtime for path in (folder, *folder.glob("*.po")))


def read_catalogues(folder: Path) -> Iterator[tuple[Path, Catalog]]:
    """The catalogues of one language by the names of their files."""
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=folder.name, abort_invalid=True)


def merge(folder: Path) -> Catalog:
    """The catalogues of one language in one; of two sentences for the same message the first in the alphabet stays."""
    whole = Catalog(locale=folder.name, fuzzy=False)
    for _path, catalogue in read_catalogues(folder):
        for message in catalogue:
            if message.id and whole.get(message.id, message.context) is None:
                whole[message.id] = message
    return whole


def write_catalogue(catalogue: Catalog, target: Path) -> None:
    """Whole or not at all: another process may be reading."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    draft.replace(target)


if __name__ == "__main__":
    compile_catalogues()
