"""The built files: their number, size, names by content hash, and completeness."""

import gzip
import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

from frontend import build as frontend

DIST = frontend.MANIFEST.parent
TEMPLATES = frontend.ROOT / "madang" / "templates"

# The part of the build that writes, with a script of our own.
WRITE = """
import { write } from "./frontend/build.mjs";
await write({ "madang.js": process.argv[1], "madang.css": "body{}" }, process.argv[2]);
"""


def _files_of_build(folder: Path, script: str) -> set[str]:
    """Write a build into `folder`; returns the names of its files."""
    command = [frontend.find_node()[0], "--input-type=module", "--eval", WRITE, script, str(folder)]
    subprocess.run(command, cwd=frontend.ROOT, check=True)
    names = json.loads((folder / "manifest.json").read_text(encoding="utf-8")).values()
    return {f"{name}{ending}" for name in names for ending in ("", ".gz", ".br")}


class TestTheBundle:
    def test_is_one_stylesheet_one_script_and_one_sprite(self, built):
        assert sorted(built) == [
            "examples.js",
            "icons.svg",
            "madang.css",
            "madang.js",
            "swagger-ui.css",
            "swagger-ui.js",
            "swagger.css",
            "swagger.js",
        ]

    def test_has_nothing_in_its_folder_but_the_kept_builds(self, built):
        kept = json.loads((DIST / "builds.json").read_text(encoding="utf-8"))
        assert kept[0] == sorted(built.values())
        names = {f"{name}{ending}" for build in kept for name in build for ending in ("", ".gz", ".br")}
        assert {path.name for path in DIST.iterdir()} == names | {"manifest.json", "builds.json"}

    def test_is_compressed_for_web_servers(self, built):
        for name in built.values():
            content = (DIST / name).read_bytes()
            assert gzip.decompress((DIST / f"{name}.gz").read_bytes()) == content
            assert (DIST / f"{name}.br").stat().st_size < len(content)

    def test_keeps_the_files_of_the_two_builds_before(self, tmp_path):
        builds = [_files_of_build(tmp_path, f"// version {number}") for number in range(5)]
        present = {path.name for path in tmp_path.iterdir()}
        assert all(build <= present for build in builds[2:])
        assert not (builds[0] - builds[2]) & present
        assert not (builds[1] - builds[2]) & present

    def test_counts_a_build_without_changes_once(self, tmp_path):
        first = _files_of_build(tmp_path, "// version 1")
        for _time in range(4):
            _files_of_build(tmp_path, "// version 2")
        assert first <= {path.name for path in tmp_path.iterdir()}

    def test_names_each_file_by_its_content(self, built):
        for name in built.values():
            assert hashlib.sha256((DIST / name).read_bytes()).hexdigest().startswith(re.search(r"-(\w+)\.", name)[1])

    def test_keeps_the_stylesheet_small(self, built):
        css = (DIST / built["madang.css"]).read_bytes()
        assert len(css) <= 52_500  # the states of votes, fading tabs, fields that phones do not zoom into
        assert len(gzip.compress(css, 9)) <= 12 * 1024  # fits into the first ten packets

    def test_loads_nothing_from_other_addresses(self, built):
        css = (DIST / built["madang.css"]).read_text(encoding="utf-8")
        assert "url(" not in css
        assert "@import" not in css

    def test_is_not_built_again_while_nothing_has_changed(self, built):
        assert frontend.build() is False

    def test_is_built_again_when_a_source_is_newer(self, built, monkeypatch, tmp_path: Path):
        old = tmp_path / "manifest.json"
        old.write_text("{}", encoding="utf-8")
        os.utime(old, (0, 0))
        monkeypatch.setattr(frontend, "MANIFEST", old)
        assert not frontend.is_fresh()

    def test_has_every_icon_of_the_templates(self):
        listed = set((frontend.ROOT / "frontend" / "icons.txt").read_text(encoding="utf-8").split())
        texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
        named = {name for text in texts for name in re.findall(r'\bicon\("([\w-]+)"', text)}
        assert named <= listed | {"chevron-"}

    def test_has_no_unused_icon(self):
        texts = [
            path.read_text(encoding="utf-8")
            for folder in (TEMPLATES.parent, frontend.ROOT / "frontend" / "js")
            for path in folder.rglob("*")
            if path.suffix in {".html", ".js", ".py"} and DIST not in path.parents
        ]
        named = {name for text in texts for name in re.findall(r"""["'#]([a-z0-9-]+)["']""", text)}
        assert set((frontend.ROOT / "frontend" / "icons.txt").read_text(encoding="utf-8").split()) <= named
