"""The texts of the code: every call of `_` and `ngettext` in Python files and templates, with its context."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog
from jinja2 import Environment, nodes

NUMBER_OF_TEXTS = {"_": 1, "gettext": 1, "ngettext": 2, "ngettext_open": 2}
WITHOUT_SOURCES = {"_build", "static", "__pycache__"}
parse_template = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"]).parse


class ContextError(Exception):
    """A text whose context cannot be known without running the code."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function: its arguments, each as a string, or None where it is anything but a string literal."""

    line: int
    function: str
    arguments: list[str | None]
    keywords: dict[str | None, str | None]


def extract(package: Path) -> Catalog:
    """Return every text of the code and the templates of `package`, with its locations.

    A text that is not a string literal is left out. Raises `ContextError` and, for a template that does not parse,
    jinja2's `TemplateSyntaxError`.
    """
    texts = Catalog()
    for path in _sources(package):
        name, source = path.relative_to(package).as_posix(), path.read_text("utf-8")
        for call in _python_calls(source, name) if path.suffix == ".py" else _template_calls(source, name):
            ids = [text for text in call.arguments[: NUMBER_OF_TEXTS[call.function]] if text]
            if len(ids) == NUMBER_OF_TEXTS[call.function]:
                texts.add(ids if len(ids) > 1 else ids[0], locations=[(name, call.line)], context=_context(call, name))
    return texts


def _sources(package: Path) -> Iterator[Path]:
    paths = [*sorted(package.rglob("*.py")), *sorted((package / "templates").rglob("*"))]
    yield from (path for path in paths if path.is_file() and not WITHOUT_SOURCES & {*path.relative_to(package).parts})


def _context(call: Call, name: str) -> str | None:
    if "context" not in call.keywords:
        return None
    if context := call.keywords["context"]:
        return context
    raise ContextError(f"{name}:{call.line}: The context of a text must be a string literal, and not empty.")


def _python_calls(source: str, name: str) -> Iterator[Call]:
    for node in ast.walk(ast.parse(source, name)):
        if isinstance(node, ast.Call):
            function = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if function in NUMBER_OF_TEXTS:
                keywords = {keyword.arg: _python_literal(keyword.value) for keyword in node.keywords}
                yield Call(node.lineno, function, [_python_literal(each) for each in node.args], keywords)


def _python_literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _template_calls(source: str, name: str) -> Iterator[Call]:
    for node in parse_template(source, name).find_all(nodes.Call):
        function = getattr(node.node, "name", "")
        if function in NUMBER_OF_TEXTS:
            keywords: dict[str | None, str | None] = {each.key: _template_literal(each.value) for each in node.kwargs}
            yield Call(node.lineno, function, [_template_literal(each) for each in node.args], keywords)


def _template_literal(node: nodes.Expr) -> str | None:
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None
