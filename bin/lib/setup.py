"""Install and build what is missing or stale: .venv, packages, front end, translations.

Uses only the standard library, since it runs before any package is installed.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bin.lib.lock import hold_lock
from frontend import build as frontend

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("MADANG_VENV") or ROOT / ".venv").absolute()
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
RUNTIME_LOCK = ROOT / "requirements" / "runtime.lock"
DEV_LOCK = ROOT / "requirements" / "dev.lock"
NODE_LOCK = ROOT / "requirements" / "node.lock"
TRANSLATIONS = ROOT / "madang" / "translations"
CATALOGUES = ROOT / "madang" / "_build" / "translations"


class SetupError(Exception):
    """The set-up failed; the message says what to do."""


def is_ready(*, dev: bool) -> bool:
    """Whether everything is installed and built."""
    is_installed = PYTHON.exists() and stamp(dev=dev).exists() and not unfinished().exists()
    return is_installed and is_frontend_ready(dev=dev) and are_catalogues_fresh()


def set_up(*, dev: bool) -> None:
    """Install and build what is missing, in the order of dependencies."""
    if not PYTHON.exists() or unfinished().exists():
        with marked_as_unfinished():
            make_venv()
    if not stamp(dev=dev).exists():
        with marked_as_unfinished():
            install_packages(dev=dev)
    if not is_frontend_ready(dev=dev):
        build_frontend(dev=dev)
    if not are_catalogues_fresh():
        with progress("Compiling the translations"):
            run([PYTHON, TRANSLATIONS / "build.py"], "Compiling the translations failed")


def unfinished() -> Path:
    """The marker of a .venv that is being made or changed. One that a killed process left is made anew."""
    return VENV.with_name(f"{VENV.name}.unfinished")


@contextmanager
def marked_as_unfinished() -> Iterator[None]:
    unfinished().touch()
    try:
        yield
    finally:  # pip undoes what failed; only a killed one cannot
        unfinished().unlink(missing_ok=True)


def make_venv() -> None:
    # Debian's python3 does not include these two modules.
    if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode:
        raise SetupError("Python's venv is missing; bring it with: sudo apt-get install -y python3-venv")
    with progress(f"Making {VENV.name}"):
        run([sys.executable, "-m", "venv", "--clear", VENV], f"Making {VENV} failed")


def stamp(*, dev: bool) -> Path:
    """The marker file for an installation of exactly these packages, for the code in exactly this folder."""
    contents = [lock.read_bytes() for lock in (RUNTIME_LOCK, *([DEV_LOCK] if dev else []), ROOT / "pyproject.toml")]
    digest = hashlib.sha256(b"\0".join([bytes(ROOT), *contents])).hexdigest()
    return VENV / f".installed-{digest[:16]}"


def install_packages(*, dev: bool) -> None:
    for old in VENV.glob(".installed-*"):
        old.unlink()
    locks = [RUNTIME_LOCK, DEV_LOCK] if dev else [RUNTIME_LOCK]
    with progress("Installing the Python packages, which takes a minute the first time"):
        pip("--no-deps", "--require-hashes", *(part for lock in locks for part in ("-r", lock)))
        pip("--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp(dev=False).touch()
    stamp(dev=dev).touch()


def is_frontend_ready(*, dev: bool) -> bool:
    return frontend.is_fresh() and (not dev or frontend.has_packages(dev=True))


def build_frontend(*, dev: bool) -> None:
    if not has_node():
        with progress("Installing Node"):
            pip("--no-deps", "--require-hashes", "-r", NODE_LOCK)
    with progress("Building the front end"):
        more = ["--dev"] if dev else []
        run([PYTHON, "-m", "frontend.build", *more], "Building the front end failed")


def has_node() -> bool:
    # Checked with the Python of .venv, where Node may be installed as a package.
    command = [PYTHON, "-c", "from frontend.build import find_node; find_node()"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def are_catalogues_fresh() -> bool:
    """Whether every compiled catalogue is newer than its sources."""
    return all(is_catalogue_fresh(folder) for folder in TRANSLATIONS.iterdir() if any(folder.glob("*.po")))


def is_catalogue_fresh(folder: Path) -> bool:
    catalogue = CATALOGUES / folder.name / "LC_MESSAGES" / "messages.mo"
    newest = max(path.stat().st_mtime for path in (folder, *folder.glob("*.po")))
    return catalogue.exists() and catalogue.stat().st_mtime >= newest


def pip(*arguments: str | Path) -> None:
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    run(command, "Installing failed; check the network and start again")


def run(command: list[str | Path], error_message: str) -> None:
    done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise SetupError(f"{error_message}:\n{done.stdout[-4000:].strip()}")


@contextmanager
def progress(message: str) -> Iterator[None]:
    """Print what is being done, and afterwards how long it took."""
    begin = time.monotonic()
    print(f"{message} ...", end="", flush=True, file=sys.stderr)
    try:
        yield
    except BaseException:
        print(" failed", file=sys.stderr)
        raise
    print(f" {time.monotonic() - begin:.0f} s", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/prepare", description="Install and build what is missing or stale.")
    parser.add_argument("--dev", action="store_true", help="also install what the tests and checks need")
    dev = parser.parse_args().dev
    if is_ready(dev=dev):
        return
    try:
        with hold_lock(VENV.with_name(f"{VENV.name}.lock")):
            set_up(dev=dev)
    except SetupError as failure:
        raise SystemExit(str(failure)) from failure
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
