"""The cache of compiled templates."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from madang.core.web.templating import template_cache


class RecordingEnvironment(Environment):
    """The Jinja environment of one start, which records the templates that it compiles."""

    def __init__(self, folder: Path) -> None:
        super().__init__(loader=FileSystemLoader(folder), bytecode_cache=template_cache(folder / "cache"))
        self.compiled: list[str | None] = []

    def compile(self, source, name=None, *options, **more):
        self.compiled.append(name)
        return super().compile(source, name, *options, **more)

    def page(self) -> str:
        return self.get_template("page.html").render(name="Ann")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of templates that one start has compiled."""
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    first = RecordingEnvironment(tmp_path)
    assert (first.page(), first.compiled) == ("Hello Ann", ["page.html"])
    return tmp_path


def test_the_next_start_compiles_no_template(folder):
    start = RecordingEnvironment(folder)
    assert (start.page(), start.compiled) == ("Hello Ann", [])


def test_only_the_owner_may_access_the_folder(folder):
    assert (folder / "cache").stat().st_mode & 0o077 == 0
    (folder / "cache").chmod(0o755)
    RecordingEnvironment(folder)
    assert (folder / "cache").stat().st_mode & 0o077 == 0


def test_a_changed_template_is_compiled_again_after_a_start_and_at_run_time(folder):
    running = RecordingEnvironment(folder)
    assert running.page() == "Hello Ann"
    (folder / "page.html").write_text("Good morning {{ name }}")
    assert (RecordingEnvironment(folder).page(), running.page()) == ("Good morning Ann", "Good morning Ann")


@pytest.mark.parametrize("byte_count", [0, 10, -9])
def test_a_truncated_file_is_compiled_again(folder, byte_count):
    (path,) = (folder / "cache").iterdir()
    path.write_bytes(path.read_bytes()[:byte_count])
    start = RecordingEnvironment(folder)
    assert (start.page(), start.compiled) == ("Hello Ann", ["page.html"])
    assert RecordingEnvironment(folder).page() == "Hello Ann"


def test_pages_are_rendered_without_a_cache_folder(tmp_path):
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert RecordingEnvironment(tmp_path).page() == "Hello Ann"


def test_pages_are_rendered_when_the_cache_is_not_writable(tmp_path):
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    start = RecordingEnvironment(tmp_path)
    (tmp_path / "cache").rmdir()
    assert start.page() == "Hello Ann"
