"""schemathesis calls every route with valid and invalid input, in single calls and in sequences."""

import subprocess
from pathlib import Path

import pytest

from frontend.build import ROOT
from tests.databases import EVERY_TEST

from .serving import PASSWORD, served
from .tools import HERE, python_tool

pytestmark = pytest.mark.contract
EXAMPLES = 15 if EVERY_TEST else 3  # per kind and route: bounds the duration of this test


@pytest.mark.parametrize("who", ["ann", "ruth"])
def test_schemathesis_finds_no_failure(tmp_path: Path, who: str):
    with served(tmp_path) as address:
        done = subprocess.run(
            [
                python_tool("schemathesis"),
                f"--config-file={HERE / 'schemathesis.toml'}",
                "run",
                f"{address}/openapi.json",
                "--checks=all",
                f"--auth={who}:{PASSWORD}",
                f"--max-examples={EXAMPLES}",
                "--seed=1",
                "--no-color",
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in (tmp_path / "log").read_text()
