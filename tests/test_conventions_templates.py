"""Conventions for templates: translated texts, no inline code, no outside addresses, confirmation pages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from .conventions import PACKAGE, called, calls, modules, short

TEMPLATES = PACKAGE / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
OUTSIDE = {"http://www.w3.org/2000/svg": "the XML namespace of SVG, which is never requested"}
SAME_IN_EVERY_LANGUAGE = {"English", "한국어", "Madang", "API", "openapi", "json"}
TEXT_ATTRIBUTES = re.compile(r'\b(?:title|aria-label|placeholder|alt|aria-description)="([^"]*)"')
GAP = "\x00"  # stands for an expression of the template
MAX_ARGUMENTS = 4
parse = Environment(extensions=["jinja2.ext.do"]).parse

each_page = pytest.mark.parametrize("page", PAGES, ids=[short(page) for page in PAGES])


def _text(node: nodes.Node) -> str:
    """The literal text of a template, with a gap for each expression."""
    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Expr):
        return GAP + "".join(_text(child) for child in node.iter_child_nodes() if isinstance(child, nodes.TemplateData))
    return "".join(_text(child) for child in node.iter_child_nodes())


def _printed(page: Path) -> str:
    return _text(parse(page.read_text(encoding="utf-8")))


@each_page
def test_every_text_is_translated(page: Path):
    printed = re.sub(GAP + r"-\w+", "", _printed(page))  # the name of an element, `title-error`
    printed = re.sub(r"<kbd\b.*?</kbd>", "", printed, flags=re.S)
    attributes = TEXT_ATTRIBUTES.findall(printed)
    words = set(re.findall(r"[A-Za-z가-힣]{2,}", " ".join([*attributes, _without_tags(printed)])))
    assert words - SAME_IN_EVERY_LANGUAGE == set()


def _without_tags(printed: str) -> str:
    return re.sub(r"&\w+;", " ", re.sub(r"<!?/?[a-zA-Z][^<>]*>", " ", printed))


@each_page
def test_no_own_filter_is_applied_to_a_literal(page: Path, whole_app: Flask):
    """Jinja would apply it once, when it compiles the template, and cache the result on disk."""
    own = {name for name, function in whole_app.jinja_env.filters.items() if function.__module__.startswith("madang")}
    applied = parse(page.read_text(encoding="utf-8")).find_all(nodes.Filter)
    assert not [each.name for each in applied if each.name in own and isinstance(each.node, nodes.Literal)]


@each_page
def test_templates_contain_no_inline_script_or_style(page: Path):
    source = page.read_text(encoding="utf-8")
    assert not re.findall(r"\sstyle=", source)
    assert not re.findall(r"<[^>]*\son[a-z]+=", source)
    assert not re.findall(r"javascript:", source)
    needed = ("src=",) if page.parent.name == "archiving" else ("src=", "nonce=")  # files have no policy to name one
    assert not [tag for tag in re.findall(r"<script[^>]*>", source) if not all(each in tag for each in needed)]
    assert "<style" not in source


@each_page
def test_templates_name_no_outside_address(page: Path):
    addresses = set(re.findall(r"""(?:https?:)?//[\w.-]+\.[a-z]{2,}[^"'\s<>]*""", page.read_text(encoding="utf-8")))
    assert addresses - set(OUTSIDE) == set()


@each_page
def test_forms_that_write_contain_the_csrf_token(page: Path):
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", page.read_text(encoding="utf-8"), flags=re.S)
    assert not [form for form in forms if "csrf()" not in form], "`in_place_form` has it; another form calls it"


def _rendered_macros() -> Iterator[tuple[str, str]]:
    """Template and name of each macro that is rendered by `fragment` or `render_macro`, in Python or in a template."""
    for module in modules():
        for call in calls(module):
            names = [node.value for node in call.args[:2] if isinstance(node, ast.Constant)]
            if called(call) in ("fragment", "render_macro") and len(names) == 2:
                yield names[0], names[1]
    for page in PAGES:
        for call in parse(page.read_text(encoding="utf-8")).find_all(nodes.Call):
            if getattr(call.node, "name", "") == "fragment":
                yield call.args[0].value, call.args[1].value


def _macro(template: str, name: str) -> nodes.Macro:
    macros = parse((TEMPLATES / template).read_text(encoding="utf-8")).find_all(nodes.Macro)
    return next(macro for macro in macros if macro.name == name)


@pytest.mark.parametrize(("template", "name"), sorted(set(_rendered_macros())))
def test_a_rendered_macro_takes_few_arguments(template: str, name: str):
    """Their names are not seen at the call: more than a few are one object, such as `PostContext`."""
    assert len(_macro(template, name).args) <= MAX_ARGUMENTS


def test_rendered_macros_are_found():
    found = set(_rendered_macros())
    assert found >= {("posts/article.html", "article"), ("posts/answer_form.html", "answer_form")}
    assert ("components/chrome.html", "tools") in found, "rendered by a template"


COMPONENTS = frozenset(
    macro.name
    for page in PAGES
    if page.parent.name == "components"
    for macro in parse(page.read_text(encoding="utf-8")).find_all(nodes.Macro)
)


@each_page
def test_no_variable_of_a_page_has_the_name_of_a_component(page: Path):
    """Components are globals: where a page has not set its variable, the macro would be printed or tested instead."""
    template = parse(page.read_text(encoding="utf-8"))
    called_names = {id(call.node) for call in template.find_all(nodes.Call)}
    names = list(template.find_all(nodes.Name))
    parameters = {name.name for name in names if name.ctx == "param"}
    variables = {name.name for name in names if name.ctx != "param" and id(name) not in called_names}
    assert (variables - parameters) & COMPONENTS == set()


def _confirmation_links() -> list[tuple[str, str]]:
    """The targets of links that ask for confirmation, with 1 for each expression."""
    targets = []
    for page in PAGES:
        for call in parse(page.read_text(encoding="utf-8")).find_all(nodes.Call):
            if getattr(call.node, "name", "") == "confirm_link" and isinstance(
                call.args[0], nodes.Concat | nodes.Const
            ):
                parts = getattr(call.args[0], "nodes", [call.args[0]])
                targets.append(
                    (short(page), "".join(part.value if isinstance(part, nodes.Const) else "1" for part in parts))
                )
    return targets


@pytest.mark.parametrize(("page", "target"), _confirmation_links())
def test_confirmation_links_have_a_page_without_a_script(whole_app: Flask, page: str, target: str):
    addresses = whole_app.url_map.bind("yard.example")
    assert addresses.test(target, "GET"), "without a script the link leads to a confirmation page"
    assert addresses.test(target, "POST"), "the confirmation page sends a form"


def test_confirmation_links_of_pages_lead_to_a_page(ann, bob, dan):
    question = ann.ask()
    answer = bob.answer(question)
    for person in (ann, bob):
        person.comment(answer, "A remark of my own.")
    for person in (ann, bob, dan):
        targets = set(re.findall(r'href="([^"]+)"[^>]*data-confirm=', person.page(f"/posts/{question}")))
        assert targets
        for target in targets:
            person.page(target)
