"""The folder of an archive: its files, written one by one as a whole, and how far the archive has got."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from madang.core.errors import Conflict
from madang.core.i18n import _

STATE = "madang-archive.json"
PICTURES = "madang-archive-pictures.txt"
PART = ".part"
FIRST_FILES = {PICTURES, PICTURES + PART, STATE + PART}  # of an archive that was killed before its state was written


@dataclass
class State:
    """How far an archive has got: the last unit that is written, and its stage. `begun_at` is in ISO 8601."""

    begun_at: str = ""
    stage: str = ""
    unit: str = ""
    is_finished: bool = False


class ArchiveFolder:
    """The folder into which an archive is written. Files are replaced as a whole, so none is ever half-written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = State()
        self._folders: set[Path] = set()
        self._pictures: set[str] = set()

    def open(self, begun_at: str) -> bool:
        """Read how far the archive has got, or begin it; returns whether it goes on where it was stopped.

        Raises `Conflict` if the folder holds anything but an archive.
        """
        state = self.path / STATE
        present = {path.name for path in self.path.iterdir()} if self.path.is_dir() else set()
        if STATE not in present and not present <= FIRST_FILES:
            raise Conflict(_("The folder %(folder)s is not empty. Please name a new one.", folder=self.path))
        if state.is_file():
            values = json.loads(state.read_text("utf-8"))
            self.state = State(**{each.name: values[each.name] for each in fields(State) if each.name in values})
        is_resumed = bool(self.state.begun_at) and not self.state.is_finished
        if not is_resumed:
            self.write(PICTURES, "")
            self.state = State(begun_at)
            self.save()
        self._pictures = set((self.path / PICTURES).read_text("utf-8").split())
        return is_resumed

    def save(self) -> None:
        self.write(STATE, json.dumps(asdict(self.state)))

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file as a whole."""
        path = self.path / name
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(path.parent)
        part = path.with_name(path.name + PART)
        part.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
        part.replace(path)

    def has(self, name: str) -> bool:
        return (self.path / name).is_file()

    def note_pictures(self, names: set[str]) -> None:
        """Remember that pages show these pictures."""
        with (self.path / PICTURES).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}\n" for name in sorted(names))
        self._pictures |= names

    @property
    def pictures(self) -> set[str]:
        return self._pictures

    def keep_only(self, folder: str, names: Iterable[str]) -> None:
        """Remove everything from a folder of the archive but these files and folders."""
        path, kept = self.path / folder, set(names)
        for each in path.iterdir() if path.is_dir() else ():
            if each.name not in kept:
                if each.is_dir():
                    shutil.rmtree(each)
                    self._folders = {known for known in self._folders if each not in (known, *known.parents)}
                else:
                    each.unlink()
