"""The folder for temporary files of an import, and what a killed process leaves."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from madang.importing.operations.staging_folder import staging_folder

from .conftest import ImportRunner, question

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from madang.importing.operations.staging_folder import staging_folder
with staging_folder(Path(sys.argv[1])) as folder:
    (folder / "staging.db").write_text("half")
    print(folder.name, flush=True)
    sys.stdin.read()
"""


def holder(parent: Path) -> tuple[subprocess.Popen[str], str]:
    """A process that has a staging folder in `parent`, and the folder's name."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(parent)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_the_next_import_removes_what_a_killed_one_left(importer: ImportRunner, dump: Callable[..., Path]) -> None:
    scratch = importer.scratch_folder
    killed, left = holder(scratch)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert (scratch / left / "staging.db").exists()
    (scratch / "files").mkdir()
    importer(dump(Posts=[question(1)]))
    assert [path.name for path in scratch.iterdir()] == ["files"]


def test_the_folder_of_a_running_import_stays(tmp_path: Path) -> None:
    running, name = holder(tmp_path)
    with staging_folder(tmp_path) as own:
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, own.name])
    assert (tmp_path / name / "staging.db").exists()
    running.communicate("")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_error_leaves_no_folder(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), staging_folder(tmp_path):
        raise error
    assert list(tmp_path.iterdir()) == []
