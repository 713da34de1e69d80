"""Build a release in dist/ from a commit that may be released: wheel, source archive, bill of materials."""

import argparse
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from .bill_of_materials import bill_of_materials

ROOT = Path(__file__).resolve().parents[2]
UNDECIDED_HOME = ".example/"  # until the project has a public repository


def obstacles(version: str, changelog: str, urls: list[str], changed_files: str, tags: list[str]) -> list[str]:
    """Return what must be done before `version` may be released, as sentences; nothing if it may be."""
    found = []
    if changed_files.strip():
        found.append(f"Commit or undo these changes first:\n{changed_files.rstrip()}")
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        found.append(f"CHANGELOG.md has no section '## [{version}] - YYYY-MM-DD'. Rename [Unreleased]; add a new one.")
    if f"v{version}" in tags:
        found.append(f"The tag v{version} exists: raise the version in pyproject.toml.")
    if any(UNDECIDED_HOME in f"{url}/" for url in urls):
        found.append("The project's URLs in pyproject.toml are not decided yet: write the public repository's.")
    return found


def build(folder: Path) -> list[Path]:
    """Build the files into `folder`. Equal commits give equal files: their times are those of the commit."""
    commit_time = git("log", "-1", "--format=%ct").strip()
    environment = {**os.environ, "SOURCE_DATE_EPOCH": commit_time}
    command = [sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--target", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    name = f"madang-{project()['version']}"
    bill = folder / f"{name}.cdx.json"
    bill.write_text(bill_of_materials(int(commit_time)), "utf-8")
    return [folder / f"{name}-py3-none-any.whl", folder / f"{name}.tar.gz", bill]


def project() -> dict:
    """The table `project` of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def git(*arguments: str) -> str:
    """The output of a git command in this checkout."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/release", description="Build a release into dist/.")
    parser.add_argument("--trial", action="store_true", help="build in any case, only to try the files")
    is_trial = parser.parse_args().trial
    version = project()["version"]
    found = obstacles(
        version,
        (ROOT / "CHANGELOG.md").read_text("utf-8"),
        list(project()["urls"].values()),
        git("status", "--porcelain"),
        git("tag", "--list").split(),
    )
    if found and not is_trial:
        raise SystemExit("\n".join(found))
    for path in build(ROOT / "dist"):
        print(path.relative_to(ROOT))
    if not is_trial:
        print(f"Now tag the commit: git tag --sign v{version}. The other steps are in docs/release.md.")


if __name__ == "__main__":
    main()
