"""bin/release: what may be released, and that what it builds can be installed and serves a site."""

import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from bin.lib.bill_of_materials import bill_of_materials
from bin.lib.release import ROOT, build, git, obstacles, project
from tests.timing import TIMEOUT_SECONDS

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2027-01-31\n\n### Added\n"
HOME = "https://madang.org/"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, None),
        ({"tags": ["v1.2.2", "v1.2.30"]}, None),
        ({"changed_files": " M README.md\n"}, "README.md"),
        ({"changelog": CHANGELOG.replace("1.2.3", "1.2.30")}, "CHANGELOG.md"),
        ({"changelog": CHANGELOG.replace(" - 2027-01-31", "")}, "CHANGELOG.md"),
        ({"changelog": CHANGELOG.replace("1.2.3", "1x2x3")}, "CHANGELOG.md"),
        ({"tags": ["v1.2.3"]}, "raise the version"),
        ({"urls": ["https://madang.example"]}, "URLs"),
        ({"urls": [HOME, "https://docs.madang.example/en"]}, "URLs"),
    ],
)
def test_what_keeps_a_version_from_being_released(given, named):
    state = {"version": "1.2.3", "changelog": CHANGELOG, "urls": [HOME], "changed_files": "", "tags": []}
    found = obstacles(**{**state, **given})
    assert len(found) == (named is not None)
    assert named is None or named in found[0]


def test_the_workflow_runs_the_check_that_every_change_must_pass():
    root = Path(__file__).parents[1]
    assert "run: bash .ci/run" in (root / ".github/workflows/ci.yml").read_text("utf-8")
    assert os.access(root / "bin/release", os.X_OK)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    return build(tmp_path_factory.mktemp("dist"))


@pytest.mark.contract
def test_the_wheel_contains_the_front_end_and_translations_and_no_sources_of_them(files):
    names = zipfile.ZipFile(files[0]).namelist()
    assert any(re.fullmatch(r"madang/static/dist/[\w-]+-[0-9a-f]+\.css", name) for name in names)
    assert "madang/static/dist/manifest.json" in names
    assert "madang/_build/translations/ko/LC_MESSAGES/messages.mo" in names
    assert not [name for name in names if name.endswith(".po") or not name.startswith("madang")]


@pytest.mark.contract
def test_the_wheel_has_no_file_of_an_earlier_build(tmp_path):
    earlier = ROOT / "madang/static/dist/madang-0000000000.css"
    earlier.touch()
    try:
        names = zipfile.ZipFile(build(tmp_path)[0]).namelist()
    finally:
        earlier.unlink()
    in_dist = [name.removeprefix("madang/static/dist/") for name in names if name.startswith("madang/static/dist/")]
    manifest = json.loads((ROOT / "madang/static/dist/manifest.json").read_text("utf-8"))
    compressed = [name + ending for name in manifest.values() for ending in ("", ".gz", ".br")]
    assert sorted(in_dist) == sorted(["manifest.json", *compressed])


@pytest.mark.contract
def test_the_source_archive_contains_every_committed_file(files):
    with tarfile.open(files[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {name for name in git("ls-files").splitlines() if Path(name).exists()} <= names
    assert not [name for name in names if "node_modules" in name or ".venv" in name]


@pytest.mark.contract
def test_equal_commits_give_equal_files(files, tmp_path):
    assert [path.read_bytes() for path in build(tmp_path)] == [path.read_bytes() for path in files]


def test_the_bill_of_materials_names_every_library_that_a_site_runs_with():
    bill = json.loads(bill_of_materials(1_800_000_000))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["version"] == project()["version"]
    names = {component["purl"].partition("@")[0] for component in bill["components"]}
    for requirement in project()["dependencies"]:
        name = re.match(r"[\w-]+", requirement)[0].lower()
        assert f"pkg:pypi/{name}" in names
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements/runtime.lock").read_text("utf-8"), re.MULTILINE)
    assert {f"pkg:pypi/{name.lower()}" for name in locked} <= names, "none is left out"
    assert {"pkg:npm/htmx.org", "pkg:npm/bootstrap"} <= names
    assert not {"pkg:npm/sass", "pkg:pypi/pytest"} & names, "a site does not run with them"
    hashes = [value for each in bill["components"] for value in (each.get("hashes") or each.get("properties"))]
    assert len(hashes) > len(bill["components"])


@pytest.mark.contract
def test_the_wheel_installs_into_an_empty_environment_and_serves_a_site(files, tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MADANG_", "PYTHON"))}
    python, madang = tmp_path / "venv/bin/python", tmp_path / "venv/bin/madang"
    for command in (
        [sys.executable, "-m", "venv", python.parents[1]],
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", files[0]],
    ):
        subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    version = subprocess.run([madang, "--version"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert version.stdout == f"madang {project()['version']}\n"
    server = subprocess.Popen(
        [madang, "serve", "--port", "0"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        address = re.search(r"http://\S+", server.stdout.readline())[0]
        page = urlopen(Request(f"{address}/setup", headers={"Accept-Language": "ko"})).read().decode()
        assert "관리자" in page
        for asset in set(re.findall(r"/static/dist/[\w.-]+", page)):
            assert urlopen(address + asset).status == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(TIMEOUT_SECONDS) == 0
    finally:
        server.kill()
        server.communicate()
