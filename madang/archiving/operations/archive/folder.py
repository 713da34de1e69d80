"""The folder of an archive: its files, written one by one as a whole, and how far the archive has got."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from madang.core.errors import Conflict
from madang.core.i18n import _
from madang.core.storage.pictures import is_picture_name

STATE = "madang-archive.json"
PICTURES = "madang-archive-pictures.txt"
PART = ".part"
FIRST_FILES = {PICTURES, PICTURES + PART, STATE + PART}  # of an archive that was killed before its state was written
FOLDERS = ("p", "b", "t", "u", "s", "tags", "people", "files", "static")
OWN_FOLDER = re.compile(r"[pbtus]/\d+|files/[0-9a-f]{2}")
OWN_FILE = re.compile(
    r"(?:p/\d+/\d+\.html|b/\d+/(?:\d+\.html|feed\.atom)|[tu]/\d+/(?:\d+-\d+\.html|\d+\.atom)"
    r"|s/\d+/(?:t?\d+|index)\.js|(?:tags|people)/\d+\.html)"
)
SHOWN_PICTURE = re.compile(rb' (?:href|src)="(?:\.\./)*files/[0-9a-f]{2}/([\w.-]+)"')


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

        One whose state cannot be read is begun anew. Raises `Conflict` if the folder holds anything but an archive, or
        if a symbolic link would lead out of it.
        """
        present = {path.name for path in self.path.iterdir()} if self.path.is_dir() else set()
        if STATE not in present and not present <= FIRST_FILES:
            raise Conflict(_("The folder %(folder)s is not empty. Please name a new one.", folder=self.path))
        for name in (*FOLDERS, STATE, PICTURES):
            self._refuse_links(name)
        self.state = self._read_state()
        is_resumed = bool(self.state.begun_at) and not self.state.is_finished
        if not is_resumed:
            self.write(PICTURES, "")
            self.state = State(begun_at)
            self.save()
        self._pictures = set((self.path / PICTURES).read_text("utf-8").split())
        return is_resumed

    def _refuse_links(self, name: str) -> None:
        path = self.path / name
        for each in (path, *(path.iterdir() if path.is_dir() and not path.is_symlink() else ())):
            if each.is_symlink():
                raise Conflict(
                    _(
                        "%(path)s is a symbolic link, which an archive does not follow. "
                        "Please remove it, or name a new folder.",
                        path=each,
                    )
                )

    def _read_state(self) -> State:
        """The state of the archive; an empty one if there is none that can be read."""
        try:
            values = json.loads((self.path / STATE).read_text("utf-8"))
            state = State(**{each.name: values[each.name] for each in fields(State) if each.name in values})
            has_zone = datetime.fromisoformat(state.begun_at).tzinfo is not None
        except (OSError, ValueError, TypeError):
            return State()
        return state if has_zone and (self.path / PICTURES).is_file() else State()

    def save(self) -> None:
        self.write(STATE, json.dumps(asdict(self.state)))

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file as a whole."""
        path = self.path / name
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(path.parent)
        part = path.with_name(path.name + PART)
        if part.is_symlink():
            part.unlink()
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

    def read_pictures(self) -> None:
        """Remember only those pictures that the pages in the folder show."""
        pages = (page.read_bytes() for page in self.path.rglob("*.html"))
        self._pictures &= {name.decode() for page in pages for name in SHOWN_PICTURE.findall(page)}
        self.write(PICTURES, "".join(f"{name}\n" for name in sorted(self._pictures)))

    def keep_pictures(self) -> None:
        """Remove the pictures that no page shows."""
        names: dict[str, set[str]] = {}
        for name in self._pictures:
            names.setdefault(name[:2], set()).add(name)
        self.keep_only("files", names)
        for prefix, kept in names.items():
            self.keep_only(f"files/{prefix}", kept)

    def keep_only(self, folder: str, names: Iterable[str]) -> None:
        """Remove what an archive has in one of its folders, but for these files and folders.

        Whatever has another name than an archive gives is somebody's own, and stays.
        """
        path, kept = self.path / folder, set(names)
        for each in path.iterdir() if path.is_dir() else ():
            if each.name in kept or each.is_symlink():
                continue
            name = f"{folder}/{each.name}"
            if not each.is_dir():
                if is_own_file(name):
                    each.unlink()
            elif OWN_FOLDER.fullmatch(name):
                self.keep_only(name, ())
                if not any(each.iterdir()):
                    each.rmdir()
                    self._folders.discard(each)


def is_own_file(name: str) -> bool:
    """Whether an archive has files of such a name in its folders, or had one when it was killed."""
    name = name.removesuffix(PART)
    return bool(OWN_FILE.fullmatch(name) or (name.startswith("files/") and is_picture_name(name.rpartition("/")[2])))
