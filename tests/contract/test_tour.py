"""The tour of docs/api.md, run as it stands there."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontend.build import ROOT, find_node
from tests.timing import PATIENCE_SECONDS

from .serving import served
from .tools import python_tool

pytestmark = pytest.mark.contract


def blocks(language: str) -> str:
    """All the code of one language, in order."""
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)
    assert found
    return "\n".join(found)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("tour")) as address:
        yield address


def said(address: str, *command: str) -> str:
    done = subprocess.run(
        command,
        env=os.environ | {"MADANG": address},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_tour_runs_in_every_language(address: str, tmp_path: Path):
    """One after another: the later parts find what the first has written."""
    curl = said(address, shutil.which("bash") or "bash", "-euo", "pipefail", "-c", blocks("bash"))
    assert '"errors"' in curl
    assert "150자" in curl

    assert "How often do I water a pine?" in said(address, _python(), "-c", blocks("python"))

    script = tmp_path / "tour.mjs"
    script.write_text(blocks("js"), encoding="utf-8")
    assert "invalid_input" in said(address, find_node()[0], str(script))


def _python() -> str:
    """The judges' Python, which has requests."""
    return str(Path(python_tool("schemathesis")).with_name("python"))
