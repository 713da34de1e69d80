"""The OpenAPI document is valid by external validators."""

import json
import subprocess
from pathlib import Path

import pytest

from bin.lib.openapi import generate_document
from frontend.build import ROOT

from .tools import NODE, node_tool, python_tool

pytestmark = pytest.mark.contract


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """The file of the generated document; generating it needs no database."""
    path = tmp_path / "openapi.json"
    path.write_text(generate_document(), encoding="utf-8")
    return path


def assert_passes(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_openapi_spec_validator_finds_no_error(document):
    assert_passes(python_tool("openapi-spec-validator"), str(document))


def test_spectral_finds_neither_errors_nor_warnings(document):
    spectral = node_tool("@stoplight/spectral-cli", "dist/index.js")
    assert_passes(*spectral, "lint", "--fail-severity=hint", "--ruleset", str(NODE / "spectral.json"), str(document))


def test_redocly_finds_neither_errors_nor_warnings(document):
    redocly = node_tool("@redocly/cli", "bin/cli.js")
    done = subprocess.run(
        [*redocly, "lint", "--extends=recommended", "--format=json", str(document)],
        cwd=NODE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout)["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}, done.stdout
