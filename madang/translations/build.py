"""Merge the catalogues of each language (one .po for each slice) and compile them for gettext.

Also runs as a script without the rest of Madang, when the package is built.
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
    """Compile the languages whose sources changed; return the folder of `<language>/LC_MESSAGES/messages.mo`."""
    for language in languages(sources):
        target = compiled / language / "LC_MESSAGES" / "messages.mo"
        if not is_fresh(target, sources / language):
            write_catalogue(merge(sources / language), target)
    return compiled


def languages(sources: Path = SOURCES) -> list[str]:
    """Return the languages with .po files: none in an installed package, which has compiled catalogues only."""
    return sorted({path.parent.name for path in sources.glob("*/*.po")})


def is_fresh(target: Path, folder: Path) -> bool:
    """Whether `target` is newer than the folder and all catalogues in it."""
    if not target.exists():
        return False
    # The folder's time changes when a file is deleted.
    return target.stat().st_mtime >= max(path.stat().st_mtime for path in (folder, *folder.glob("*.po")))


def read_catalogues(folder: Path) -> Iterator[tuple[Path, Catalog]]:
    """Yield path and catalogue of each file of one language, in alphabetical order."""
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=folder.name, abort_invalid=True)


def merge(folder: Path) -> Catalog:
    """Merge the catalogues of one language; a message in several files keeps its first translation."""
    merged = Catalog(locale=folder.name, fuzzy=False)
    for _path, catalogue in read_catalogues(folder):
        for message in catalogue:
            if message.id and merged.get(message.id, message.context) is None:
                merged[message.id] = message
    return merged


def write_catalogue(catalogue: Catalog, target: Path) -> None:
    """Compile a catalogue to `target`, atomically: another process may be reading it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    draft.replace(target)


if __name__ == "__main__":
    compile_catalogues()
