"""Parse the source of a package for bin/structure.py: its modules, its functions, private names of libraries."""

import ast
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Module:
    """A module: its dotted name and its source text."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @property
    def length(self) -> int:
        return len(self.text.splitlines())


@dataclass(frozen=True)
class Function:
    """A function: its qualified name, its lines (including signature and docstring) and its number of parameters."""

    name: str
    length: int
    parameters: int


def read_modules(package: Path) -> list[Module]:
    """The modules of the package in a folder, except its migrations."""
    modules = []
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if parts[1:3] != ("migrations", "versions"):
            modules.append(Module(".".join(parts).removesuffix(".__init__"), path.read_text("utf-8")))
    return modules


def functions(node: ast.AST, name: str) -> Iterator[Function]:
    """The functions inside `node`, whose qualified name is `name`, including nested functions."""
    for child in ast.iter_child_nodes(node):
        inner = name
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{name}.{child.name}"
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(inner, (child.end_lineno or 0) - child.lineno + 1, parameter_count(child.args))
        yield from functions(child, inner)


def parameter_count(arguments: ast.arguments) -> int:
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return sum(argument is not None and argument.arg not in ("self", "cls") for argument in named)


def any_count(module: Module) -> int:
    """The number of places of `Any` in a module, without imports."""
    names = [getattr(node, "id", None) or getattr(node, "attr", None) for node in module.nodes]
    return names.count("Any")


def library_names(modules: Iterable[Module], documented: Container[str] = ()) -> list[str]:
    """The places where private names of libraries are used or overridden, except those in `documented`.

    An attribute belongs to a library if no module defines its name, or if it is accessed through `super()`. A method is
    an override if its class has bases, no module calls it, and no decorator registers it.
    """
    nodes = [(module.name, node) for module in modules for node in module.nodes]
    used = [(module, node) for module, node in nodes if isinstance(node, ast.Attribute) and is_private(node.attr)]
    defined = {name for _module, node in nodes for name in definitions(node)}
    called = {node.attr for _module, node in used if ast.unparse(node.value) != "super()"}
    foreign = [
        (module, node.lineno, node.attr)
        for module, node in used
        if node.attr not in defined or ast.unparse(node.value) == "super()"
    ]
    overridden = [
        (module, method.lineno, method.name)
        for module, node in nodes
        if isinstance(node, ast.ClassDef) and node.bases
        for method in node.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and not method.decorator_list
        if is_private(method.name) and method.name not in called
    ]
    return [
        f"{module}:{line} {name}"
        for module, line, name in sorted({*foreign, *overridden})
        if name not in documented and f"{module}.{name}" not in documented
    ]


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def definitions(node: ast.AST) -> set[str]:
    """The names that a node defines: a function, a class, a variable, or an attribute of `self`."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return {node.id}
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return {node.attr} if ast.unparse(node.value) in ("self", "cls") else set()
    return set()
