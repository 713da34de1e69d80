"""The manifests of the slices: every slice has one, and it names all that the slice has."""

import importlib
import tomllib
from collections.abc import Iterator
from types import ModuleType

import pytest
from flask import Blueprint

from madang.core.db.counting import CountedTable, Counter
from madang.core.queue.functions import JobFunction
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.slice import Slice
from madang.slices import SLICES

from .conventions import PACKAGE, ROOT, short

NOT_SLICES = {"cli", "config", "core", "migrations", "static", "templates", "translations"}
FOLDERS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py") if path.parent.name not in NOT_SLICES)
BY_NAME = {each.name: each for each in SLICES}


def roles(slice_name: str, role: str) -> Iterator[ModuleType]:
    """The modules of a role of a slice: `<role>.py`, or the files of the folder `<role>`."""
    files = [PACKAGE / slice_name / f"{role}.py", *(PACKAGE / slice_name / role).glob("*.py")]
    for path in files:
        if path.is_file():
            yield importlib.import_module(short(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."))


def values_of(module: ModuleType, kind: type) -> list[object]:
    return [value for value in vars(module).values() if isinstance(value, kind)]


def values(slice_name: str, role: str, kind: type) -> list[object]:
    """What the modules of a role define of a type."""
    found = [value for module in roles(slice_name, role) for value in values_of(module, kind)]
    return list({id(value): value for value in found}.values())


def test_every_slice_has_a_manifest_and_is_listed():
    with_manifest = {path.parent.name for path in PACKAGE.glob("*/slice.py")} - NOT_SLICES
    assert with_manifest == set(FOLDERS), "each slice needs a slice.py with its manifest"
    assert sorted(BY_NAME) == FOLDERS, "madang/slices.py lists the manifests of all slices"
    assert len(SLICES) == len(FOLDERS)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_manifest_names_everything_of_its_slice(name: str):
    manifest: Slice = importlib.import_module(f"madang.{name}.slice").SLICE
    assert manifest.name == name
    assert set(manifest.blueprints) == set(values(name, "views", Blueprint))
    assert set(manifest.api) == set(values(name, "api", ApiBlueprint))
    assert list(manifest.counters) == [
        counter for module in roles(name, "counters") for counter in vars(module).get("COUNTERS", ())
    ]
    assert list(manifest.owned) == [
        owned for module in roles(name, "ownership") for owned in vars(module).get("OWNED", ())
    ]
    assert all(isinstance(counter, Counter | CountedTable) for counter in manifest.counters)
    with_jobs = {module for module in roles(name, "jobs") if values_of(module, JobFunction)}
    assert with_jobs <= set(manifest.jobs), "its jobs are not registered"
    declared = [owned for module in roles(name, "ownership") for owned in module.OWNED]
    assert list(manifest.owned) == declared
    described = {words for module in roles(name, "sentences") if (words := getattr(module, "staff_verbs", None))}
    assert described <= {manifest.staff_verbs}


def test_slices_are_listed_from_the_lowest_layer_to_the_highest():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["name"] == "Slices import downwards only")
    rank = {name.strip(" ()"): number for number, layer in enumerate(reversed(layers)) for name in layer.split("|")}
    ranks = [rank[each.name] for each in SLICES]
    assert ranks == sorted(ranks), [each.name for each in SLICES]
