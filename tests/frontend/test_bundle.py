"""The built files: their number, size, names by content hash, and completeness."""

import gzip
import hashlib
import os
import re
from pathlib import Path

from frontend import build as frontend

DIST = frontend.MANIFEST.parent
TEMPLATES = frontend.ROOT / "madang" / "templates"


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
        assert sorted(path.name for path in DIST.iterdir()) == sorted([*built.values(), "manifest.json"])

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
