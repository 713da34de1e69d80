"""A client that is generated from the OpenAPI document can use the API."""

import os
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest
from PIL import Image

from .serving import served
from .tools import HERE, python_tool

pytestmark = pytest.mark.contract


def test_a_generated_client_registers_asks_answers_votes_uploads_and_pages(tmp_path: Path):
    Image.new("RGB", (40, 30), "green").save(tmp_path / "leaf.png")
    with served(tmp_path) as address:
        document = tmp_path / "openapi.json"
        document.write_bytes(urlopen(f"{address}/openapi.json").read())
        client = tmp_path / "yard_client"
        generator = python_tool("openapi-python-client")
        arguments = ["generate", "--path", str(document), "--output-path", str(client), "--meta", "none"]
        _run(generator, *arguments, "--fail-on-warning")
        python = str(Path(generator).with_name("python"))
        script = str(HERE / "using_client.py")
        output = _run(python, script, str(tmp_path), str(tmp_path / "leaf.png"), f"{address}/api/v1")
    assert output == "done\n"


def _run(*command: str) -> str:
    tools = str(Path(command[0]).parent)  # the generator runs ruff, which is installed beside it
    environ = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
