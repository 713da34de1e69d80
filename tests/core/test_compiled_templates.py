"""Compiled templates that are kept for the next start."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from madang.core.compiled_templates import CompiledTemplates

SECRET = "the key of a yard, 32 bytes and more"


class Starting(Environment):
    """Jinja as a start makes it, that counts what it compiles."""

    def __init__(self, folder: Path, secret: str = SECRET) -> None:
        kept = CompiledTemplates(folder / "kept", secret)
        super().__init__(loader=FileSystemLoader(folder), bytecode_cache=kept)
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


def _kept(folder: Path) -> Path:
    (path,) = (folder / "kept").iterdir()
    return path


def test_the_next_start_compiles_nothing(folder):
    start = Starting(folder)
    assert (start.page(), start.compiled) == ("Hello Ann", [])


def test_a_changed_template_is_seen_by_the_next_start_and_by_one_that_runs(folder):
    running = Starting(folder)
    assert running.page() == "Hello Ann"
    (folder / "page.html").write_text("Good morning {{ name }}")
    assert (Starting(folder).page(), running.page()) == ("Good morning Ann", "Good morning Ann")


@pytest.mark.parametrize("harm", [lambda code: code[:-9], lambda code: b"", lambda code: code[:40] + b"!" + code[41:]])
def test_a_file_that_was_cut_off_or_changed_is_never_run(folder, harm):
    _kept(folder).write_bytes(harm(_kept(folder).read_bytes()))
    start = Starting(folder)
    assert (start.page(), start.compiled) == ("Hello Ann", ["page.html"])
    assert Starting(folder).page() == "Hello Ann"


def test_a_file_that_another_site_has_made_is_never_run(folder):
    start = Starting(folder, "the key of another yard, 32 bytes or so")
    assert (start.page(), start.compiled) == ("Hello Ann", ["page.html"])


def test_a_file_in_the_place_of_another_is_never_run(folder):
    (folder / "other.html").write_text("Hello {{ name }}")
    code = _kept(folder).read_bytes()
    start = Starting(folder)
    start.get_template("other.html")
    for path in (folder / "kept").iterdir():
        path.write_bytes(code)
    start = Starting(folder)
    start.get_template("other.html")
    assert start.compiled == ["other.html"]


def test_where_nothing_can_be_kept_pages_are_shown_all_the_same(tmp_path):
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    (tmp_path / "kept").write_text("a file where the folder should be")
    assert Starting(tmp_path).page() == "Hello Ann"
