"""The figures of `bin/structure.py`, measured on small sources."""

from pathlib import Path

import pytest

from bin import structure
from bin.lib.source import Module, any_count, functions, library_names, read_modules
from bin.structure import Figure, measure, outside_layers, report

SMALL = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"


def module(text: str, name: str = "madang.posts.views") -> Module:
    return Module(name, text)


def figure(name: str, *modules: Module) -> Figure:
    """One figure of `modules` and a module with two small functions."""
    measured = measure([module(SMALL, "madang.posts.queries"), *modules])
    return next(one for one in measured if one.name == name)


def found(text: str) -> list[tuple[str, int, int]]:
    return [(one.name, one.length, one.parameters) for one in functions(module(text).tree, "views")]


def test_a_function_is_as_long_as_its_signature_docstring_and_body():
    text = '@decorated\ndef show(\n    post,\n):\n    """Show it."""\n\n    return post\n'
    assert found(text) == [("views.show", 6, 1)]


def test_functions_are_named_by_the_classes_and_functions_around_them():
    text = "class Page:\n    async def show(self):\n        def inner(): ...\n"
    assert found(text) == [("views.Page.show", 2, 0), ("views.Page.show.inner", 1, 0)]


def test_parameters_are_counted_without_self_and_cls():
    text = "def one(self, a, /, b, *rest, c, **more): ...\ndef two(cls): ...\n"
    assert [parameters for _name, _length, parameters in found(text)] == [5, 0]


def test_any_is_counted_except_in_imports():
    text = "import typing\nfrom typing import Any\nx: Any = 1\ndef f(a: list[Any]) -> typing.Any: ...\n"
    assert any_count(module(text)) == 3


def test_a_private_attribute_without_a_definition_belongs_to_a_library():
    assert library_names([module("def f(rule):\n    return rule._build\n")]) == ["madang.posts.views:2 _build"]


@pytest.mark.parametrize(
    "definition",
    ["def _build(): ...", "class _build: ...", "_build = 1", "class A:\n    def f(self):\n        self._build = 1"],
)
def test_a_private_attribute_with_a_definition_does_not_belong_to_a_library(definition):
    modules = [module("def f(rule):\n    return rule._build\n"), module(definition, "madang.posts.models")]
    assert library_names(modules) == []


def test_an_attribute_with_two_underscores_or_with_a_documented_name_may_be_used():
    text = "def f(row):\n    return row.__table__, row._asdict(), row._fields\n"
    assert library_names([module(text)], {"_asdict", "madang.posts.views._fields"}) == []
    assert library_names([module(text, "madang.posts.api")], {"_asdict", "madang.posts.views._fields"}) == [
        "madang.posts.api:2 _fields"
    ]


def test_a_private_method_that_only_the_library_calls_is_an_override():
    assert library_names([module("class A(Rule):\n    def _build(self): ...\n")]) == ["madang.posts.views:2 _build"]


def test_a_private_method_that_calls_that_of_its_base_is_an_override():
    text = "class A(Rule):\n    def _build(self):\n        return super()._build()\n"
    assert library_names([module(text)]) == ["madang.posts.views:2 _build", "madang.posts.views:3 _build"]


@pytest.mark.parametrize(
    "text",
    [
        "class A(Rule):\n    def _build(self): ...\n    def f(self):\n        self._build()\n",
        "class A:\n    def _build(self): ...\n",
        "class A(Rule):\n    @validates\n    def _build(self): ...\n",
    ],
    ids=["called here", "no base", "registered by a decorator"],
)
def test_a_private_method_without_a_base_in_a_library_is_not_an_override(text):
    assert library_names([module(text)]) == []


def test_modules_belong_to_a_role_of_their_slice_or_are_listed_as_top_level():
    names = ["madang", "madang.cli", "madang.core.rest.pagination", "madang.posts", "madang.posts.views.reading"]
    names += ["madang.server", "madang.posts.accepting", "madang.posts.demo.views"]
    modules = [module("", name) for name in names]
    assert outside_layers(modules) == ["madang.server", "madang.posts.accepting", "madang.posts.demo.views"]


def test_long_functions_and_files_are_named():
    text = "def long():\n" + "    x = 1\n" * 300
    assert figure("function, longest", module(text)).offenders == ("madang.posts.views.long (301)",)
    assert figure("file, longest", module(text)).offenders == ("madang.posts.views (301)",)
    assert figure("function, longest").is_met
    assert figure("file, longest").is_met


def test_medians_leave_out_empty_files():
    empty = module("", "madang.posts")
    assert figure("function, median", module("def f():\n    x = 1\n    return x\n"), empty).now == 2
    assert figure("function, 90 %", module("def f():\n    x = 1\n    return x\n")).now == pytest.approx(2.8)
    assert figure("file, median", module("x = 1\n" * 2), empty).now == 4


def test_a_function_with_many_parameters_needs_a_reason(monkeypatch):
    crowded = module("def f(a, b, c, d, e, f, g): ...\n")
    assert figure("functions of over 6 parameters", crowded).offenders == ("madang.posts.views.f (7)",)
    monkeypatch.setattr(structure, "MANY_PARAMETERS", {"madang.posts.views.f": "a form"})
    assert figure("functions of over 6 parameters", crowded).is_met


def test_the_core_is_measured_by_its_lines_and_by_its_flat_modules():
    modules = [module("x = 1\n" * 4, name) for name in ("madang.core.mail", "madang.core.web.csrf")]
    modules.append(module("", "madang.core.web"))
    assert figure("share of core, %", *modules).now == pytest.approx(57.1)  # 8 lines of 14
    assert figure("flat modules in core", *modules).offenders == ("madang.core.mail",)


def test_migrations_are_not_measured(tmp_path: Path):
    for name in ("__init__.py", "posts/__init__.py", "posts/views.py", "migrations/env.py", "migrations/versions/a.py"):
        path = tmp_path / "madang" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    names = [module.name for module in read_modules(tmp_path / "madang")]
    assert names == ["madang", "madang.migrations.env", "madang.posts", "madang.posts.views"]


def test_an_exceeded_bound_fails_and_its_offenders_are_listed(capsys: pytest.CaptureFixture[str]):
    assert report([Figure("length", 3, 4, ("posts.f (4)",)), Figure("width", 3, 3)], everything=False) == ["length"]
    said = capsys.readouterr().out.splitlines()
    assert [line.split() for line in said] == [
        ["figure", "bound", "now"],
        ["length", "3", "4", "MISSED"],
        ["posts.f", "(4)"],
        ["width", "3", "3"],
    ]


def test_a_pending_bound_does_not_fail_and_is_reported_when_it_is_met(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(structure, "PENDING", {"length", "width"})
    figures = [Figure("length", 3, 4, ("posts.f (4)",)), Figure("width", 3, 3)]
    assert report(figures, everything=False) == []
    said = capsys.readouterr().out
    assert "pending" in said
    assert "met: remove it from PENDING" in said
    assert "posts.f" not in said
    report(figures, everything=True)
    assert "posts.f (4)" in capsys.readouterr().out


def test_every_pending_figure_is_one_that_is_measured():
    assert {one.name for one in measure([module(SMALL)])} >= structure.PENDING


@pytest.mark.parametrize(("arguments", "fails"), [([], True), (["--report"], False)])
def test_the_script_fails_for_a_missed_bound_but_not_when_it_only_reports(monkeypatch, arguments, fails):
    monkeypatch.setattr(structure, "PENDING", set())
    monkeypatch.setattr(structure, "MAX_ANY", 0)
    monkeypatch.setattr(structure, "read_modules", lambda _package: [module(f"x: Any = 1\n{SMALL}")])
    monkeypatch.setattr("sys.argv", ["structure", *arguments])
    if fails:
        with pytest.raises(SystemExit, match="places of Any"):
            structure.main()
    else:
        structure.main()
