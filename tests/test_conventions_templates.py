"""Our conventions for templates: translated, free of inline code, of outside addresses, and of dead ends."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from .conventions import PACKAGE, short

TEMPLATES = PACKAGE / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
OUTSIDE = {"http://www.w3.org/2000/svg": "the name of SVG, asked by nobody"}
SAME_IN_EVERY_LANGUAGE = {"English", "한국어", "Madang", "API", "openapi", "json"}
SAID = re.compile(r'\b(?:title|aria-label|placeholder|alt|aria-description)="([^"]*)"')
GAP = "\x00"  # stands for what the template fills in
parse = Environment(extensions=["jinja2.ext.do"]).parse

each_page = pytest.mark.parametrize("page", PAGES, ids=[short(page) for page in PAGES])


def _text(node: nodes.Node) -> str:
    """The text that a template prints itself, with a gap for whatever it fills in."""
    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Expr):
        return GAP + "".join(_text(child) for child in node.iter_child_nodes() if isinstance(child, nodes.TemplateData))
    return "".join(_text(child) for child in node.iter_child_nodes())


def _printed(page: Path) -> str:
    return _text(parse(page.read_text(encoding="utf-8")))


@each_page
def test_every_word_between_the_tags_is_translated(page: Path):
    printed = re.sub(GAP + r"-\w+", "", _printed(page))  # the name of an element, `title-error`
    printed = re.sub(r"<kbd\b.*?</kbd>", "", printed, flags=re.S)
    said = SAID.findall(printed)
    words = set(re.findall(r"[A-Za-z가-힣]{2,}", " ".join([*said, _without_tags(printed)])))
    assert words - SAME_IN_EVERY_LANGUAGE == set()


def _without_tags(printed: str) -> str:
    return re.sub(r"&\w+;", " ", re.sub(r"<!?/?[a-zA-Z][^<>]*>", " ", printed))


@each_page
def test_no_filter_of_ours_is_applied_to_a_literal(page: Path, whole_app: Flask):
    """It would be applied once, as the template is compiled, and kept however the filter changes."""
    ours = {name for name, function in whole_app.jinja_env.filters.items() if function.__module__.startswith("madang")}
    applied = parse(page.read_text(encoding="utf-8")).find_all(nodes.Filter)
    assert not [each.name for each in applied if each.name in ours and isinstance(each.node, nodes.Literal)]


@each_page
def test_nothing_runs_or_dresses_inside_the_markup(page: Path):
    source = page.read_text(encoding="utf-8")
    assert not re.findall(r"\sstyle=", source)
    assert not re.findall(r"<[^>]*\son[a-z]+=", source)
    assert not re.findall(r"javascript:", source)
    assert not [tag for tag in re.findall(r"<script[^>]*>", source) if "nonce=" not in tag or "src=" not in tag]
    assert "<style" not in source


@each_page
def test_nothing_comes_from_outside(page: Path):
    found = set(re.findall(r"""(?:https?:)?//[\w.-]+\.[a-z]{2,}[^"'\s<>]*""", page.read_text(encoding="utf-8")))
    assert found - set(OUTSIDE) == set()


@each_page
def test_forms_that_write_carry_the_token(page: Path):
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", page.read_text(encoding="utf-8"), flags=re.S)
    assert not [form for form in forms if "csrf()" not in form]


def _links_that_ask() -> list[tuple[str, str]]:
    """Where the links lead that ask before they act, with 1 for whatever is filled in."""
    found = []
    for page in PAGES:
        for call in parse(page.read_text(encoding="utf-8")).find_all(nodes.Call):
            if getattr(call.node, "name", "") == "confirm_link" and isinstance(
                call.args[0], nodes.Concat | nodes.Const
            ):
                parts = getattr(call.args[0], "nodes", [call.args[0]])
                found.append(
                    (short(page), "".join(part.value if isinstance(part, nodes.Const) else "1" for part in parts))
                )
    return found


@pytest.mark.parametrize(("page", "target"), _links_that_ask())
def test_links_that_ask_before_they_act_lead_to_a_page_without_a_script(whole_app: Flask, page: str, target: str):
    addresses = whole_app.url_map.bind("yard.example")
    assert addresses.test(target, "GET"), "without a script the link shows the question as a page"
    assert addresses.test(target, "POST"), "and the answer is a form"


def test_links_that_ask_lead_to_a_page_on_the_pages_themselves(ann, bob, dan):
    question = ann.ask()
    answer = bob.answer(question)
    for person in (ann, bob):
        person.comment(answer, "A remark of my own.")
    for person in (ann, bob, dan):
        targets = set(re.findall(r'href="([^"]+)"[^>]*data-confirm=', person.page(f"/posts/{question}")))
        assert targets
        for target in targets:
            person.page(target)
