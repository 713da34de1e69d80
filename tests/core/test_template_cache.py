"""Compiled templates that are kept for the next start."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from madang.core.web.templating import template_cache


class Starting(Environment):
    """Jinja as a start makes it, that counts what it compiles."""

    def __init__(self, folder: Path) -> None:
        super().__init__(loader=FileSystemLoader(folder), bytecode_cache=template_cache(folder / "kept"))
        self.compiled: list[str | None] = []

    def compile(self, source, name=None, *options, **more):
        self.compiled.append(name)
        return super().compile(source, name, *options, **more)

    def page(self) -> str:
        return self.get_template("page.html").render(name="Ann")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Templates that one start has compiled."""
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    first = Starting(tmp_path)
    assert (first.page(), first.compiled) == ("Hello Ann", ["page.html"])
    return tmp_path


def test_the_next_start_compiles_nothing(folder):
    start = Starting(folder)
    assert (start.page(), start.compiled) == ("Hello Ann", [])


def test_nobody_else_may_enter_the_folder(folder):
    assert (folder / "kept").stat().st_mode & 0o077 == 0
    (folder / "kept").chmod(0o755)
    Starting(folder)
    assert (folder / "kept").stat().st_mode & 0o077 == 0


def test_a_changed_template_is_seen_by_the_next_start_and_by_one_that_runs(folder):
    running = Starting(folder)
    assert running.page() == "Hello Ann"
    (folder / "page.html").write_text("Good morning {{ name }}")
    assert (Starting(folder).page(), running.page()) == ("Good morning Ann", "Good morning Ann")


@pytest.mark.parametrize("kept_bytes", [0, 10, -9])
def test_a_file_that_was_cut_off_is_compiled_anew(folder, kept_bytes):
    (path,) = (folder / "kept").iterdir()
    path.write_bytes(path.read_bytes()[:kept_bytes])
    start = Starting(folder)
    assert (start.page(), start.compiled) == ("Hello Ann", ["page.html"])
    assert Starting(folder).page() == "Hello Ann"


def test_where_there_can_be_no_folder_pages_are_shown_all_the_same(tmp_path):
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    (tmp_path / "kept").write_text("a file where the folder should be")
    assert Starting(tmp_path).page() == "Hello Ann"


def test_where_nothing_can_be_written_pages_are_shown_all_the_same(tmp_path):
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    start = Starting(tmp_path)
    (tmp_path / "kept").rmdir()
    assert start.page() == "Hello Ann"
