"""The folder of an archive: its files, written one by one as a whole, and how far the archive has got."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from madang.core.errors import Conflict
from madang.core.i18n import _

STATE = "madang-archive.json"
PICTURES = "madang-archive-pictures.txt"
PART = ".part"


@dataclass
class State:
    """How far an archive has got: the stage, and the units of it that are written. `begun_at` is in ISO 8601."""

    begun_at: str
    stage: str = ""
    written_units: int = 0
    is_finished: bool = False


class ArchiveFolder:
    """The folder into which an archive is written. Files are replaced as a whole, so none is ever half-written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = State("")
        self._folders: set[Path] = set()
        self._pictures: set[str] = set()

    def open(self, begun_at: str) -> bool:
        """Read how far the archive has got, or begin it; returns whether it goes on where it was stopped.

        Raises `Conflict` if the folder holds anything but an archive.
        """
        state = self.path / STATE
        if not state.is_file() and self.path.is_dir() and any(self.path.iterdir()):
            raise Conflict(_("The folder %(folder)s is not empty. Please name a new one.", folder=self.path))
        if state.is_file():
            self.state = State(**json.loads(state.read_text("utf-8")))
        is_resumed = bool(self.state.begun_at) and not self.state.is_finished
        if not is_resumed:
            self.state = State(begun_at)
            self.path.mkdir(parents=True, exist_ok=True)
            self.save()
            (self.path / PICTURES).write_text("", "utf-8")
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

    def note_pictures(self, names: set[str]) -> set[str]:
        """Remember that pages show these pictures; returns those that no page showed before."""
        new = names - self._pictures
        if new:
            with (self.path / PICTURES).open("a", encoding="utf-8") as file:
                file.writelines(f"{name}\n" for name in sorted(new))
            self._pictures |= new
        return new

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
