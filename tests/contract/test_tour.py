"""The code blocks of docs/api.md run as they are printed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontend.build import ROOT, find_node
from tests.timing import TIMEOUT_SECONDS

from .serving import served
from .tools import python_tool

pytestmark = pytest.mark.contract


def blocks(language: str) -> str:
    """All code blocks of one language, in order."""
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    code = re.findall(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)
    assert code
    return "\n".join(code)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("tour")) as address:
        yield address


def output_of(address: str, *command: str) -> str:
    done = subprocess.run(
        command,
        env=os.environ | {"MADANG": address},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_tour_runs_in_every_language(address: str, tmp_path: Path):
    """In this order: the later languages read what the first has written."""
    curl = output_of(address, shutil.which("bash") or "bash", "-euo", "pipefail", "-c", blocks("bash"))
    assert '"errors"' in curl
    assert "150자" in curl

    assert "How often do I water a pine?" in output_of(address, _python(), "-c", blocks("python"))

    script = tmp_path / "tour.mjs"
    script.write_text(blocks("js"), encoding="utf-8")
    assert "invalid_input" in output_of(address, find_node()[0], str(script))


def _python() -> str:
    """The Python of the contract tools, which has requests installed."""
    return str(Path(python_tool("schemathesis")).with_name("python"))
