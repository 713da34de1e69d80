"""The bill of materials of a release: every library that it runs with, in the format CycloneDX 1.6 (https://cyclonedx.org).

What the lock files say is what the project is tested with; an installation by pip may choose later versions.
"""

import json
import re
import tomllib
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[2]
BUILD_TOOLS = ("esbuild", "sass")  # build the front end, and are not part of it
REQUIREMENT = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.*?))? \\$")
SHA256 = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill_of_materials(commit_time: int) -> str:
    """The bill as JSON, the same for equal commits; `commit_time` is in seconds since 1970."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bom = Bom(components=[*python_components(), *frontend_components()])
    version = project["version"]
    bom.metadata.component = Component(
        name="madang",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="madang",
        purl=PackageURL("pypi", None, "madang", version),
    )
    bom.metadata.timestamp = datetime.fromtimestamp(commit_time, UTC)
    bom.metadata.tools.components.clear()
    bom.serial_number = uuid5(NAMESPACE_URL, f"madang {version} {commit_time}")
    bom.register_dependency(bom.metadata.component, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=2)


def python_components() -> Iterator[Component]:
    """The Python packages of `requirements/runtime.lock`, with the SHA-256 of each file that may be installed."""
    lines = (ROOT / "requirements" / "runtime.lock").read_text("utf-8").splitlines()
    for index, line in enumerate(lines):
        if not (match := REQUIREMENT.match(line)):
            continue
        rest = "\n".join(lines[index + 1 :])
        hashes = SHA256.findall(rest[: end.start()] if (end := re.search(r"^\S", rest, re.MULTILINE)) else rest)
        purl = PackageURL("pypi", None, match["name"].lower(), match["version"])
        yield Component(
            name=match["name"],
            version=match["version"],
            bom_ref=str(purl),
            purl=purl,
            properties=[
                *(Property(name="madang:file-sha256", value=each) for each in hashes),
                *([Property(name="madang:only-where", value=match["marker"])] if match["marker"] else []),
            ],
        )


def frontend_components() -> Iterator[Component]:
    """The npm packages whose code is in the built front end."""
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    for name in packages[""]["dependencies"]:
        if name in BUILD_TOOLS:
            continue
        package = packages[f"node_modules/{name}"]
        purl = PackageURL("npm", None, name, package["version"])
        algorithm, _dash, digest = package["integrity"].partition("-")
        yield Component(
            name=name,
            version=package["version"],
            bom_ref=str(purl),
            purl=purl,
            hashes=[HashType(alg=HashAlgorithm.SHA_512, content=_hex(digest))] if algorithm == "sha512" else [],
        )


def _hex(base64_digest: str) -> str:
    return b64decode(base64_digest).hex()
