"""Caches of results have a bound; docs/performance.md names what the large ones hold."""

import ast

from .conventions import called, functions, modules, place

# Functions whose results are kept for every argument, and why there are few.
FEW_ARGUMENTS = {
    "_addition": "tables and sets of their columns",
    "_answers_statement": "the orders of answers",
    "_change": "the sets of columns that the queue changes",
    "_counts_of": "the columns with unread counts",
    "_increase_statement": "tables and their columns",
    "_insertion": "the kinds of follows",
    "_queries": "the endpoints",
    "_range": "the kinds of follows",
    "_removal": "the owners of documents",
    "_requests": "the endpoints and statuses",
    "_seconds": "the endpoints",
    "_feed": "two",
    "_select_by_id": "tables",
    "_select_counter": "tables and their columns",
    "_select_duplicate": "tables and their columns",
    "_select_for_update": "tables and their columns",
    "_server_engine": "the database of the site",
    "_with_fields": "the forms",
    "keys": "the lists of words in the source",
}


def _is_unbounded(decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Call):
        sizes = [*decorator.args, *(word.value for word in decorator.keywords if word.arg == "maxsize")]
        return called(decorator) == "lru_cache" and any(getattr(size, "value", 0) is None for size in sizes)
    return getattr(decorator, "id", getattr(decorator, "attr", "")) == "cache"


def test_a_cache_with_arguments_has_a_bound():
    """`@cache` keeps a result for every argument, so a visitor who chooses the argument could fill the memory."""
    unbounded = {}
    for path in modules():
        for function in functions(path):
            has_arguments = bool(function.args.args or function.args.kwonlyargs)
            if has_arguments and any(map(_is_unbounded, function.decorator_list)):
                unbounded[function.name] = place(path, function)
    assert {name: unbounded[name] for name in unbounded if name not in FEW_ARGUMENTS} == {}
    assert set(FEW_ARGUMENTS) == set(unbounded)
