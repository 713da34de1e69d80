"""External validation tools, installed in separate environments so that their dependencies do not affect ours."""

import hashlib
import subprocess
import sys
from pathlib import Path

from bin.lib.lock import hold_lock
from frontend.build import ROOT, find_node

HERE = Path(__file__).parent
LOCK = ROOT / "requirements" / "contract.lock"
VENV = ROOT / ".venv-contract"
NODE = HERE / "node"


def python_tool(name: str) -> str:
    """The path of a Python tool, installed first if it is missing or its lock file has changed."""
    stamp = VENV / f".installed-{_digest(LOCK)}"
    with hold_lock(VENV.with_name(".venv-contract.lock")):
        if not stamp.exists():
            _run(sys.executable, "-m", "venv", "--clear", str(VENV))
            options = ("--no-deps", "--require-hashes", "-r", str(LOCK))
            _run(str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", *options)
            stamp.touch()
    return str(VENV / "bin" / name)


def node_tool(package: str, script: str) -> list[str]:
    """The command of a tool that runs in Node, installed first if it is missing or its lock file has changed."""
    node = find_node()
    stamp = NODE / "node_modules" / f".installed-{_digest(NODE / 'package-lock.json')}"
    with hold_lock(ROOT / ".node-contract.lock"):
        if not stamp.exists():
            _run(*node, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=NODE)
            stamp.touch()
    return [node[0], str(NODE / "node_modules" / package / script)]


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:16]


def _run(*command: str, folder: Path = ROOT) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
