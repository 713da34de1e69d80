"""Writes the gallery's pages into a folder, in both languages, for looking at and for the tests of the front end."""

import argparse
import shutil
from pathlib import Path

from frontend.build import ROOT, build
from frontend.gallery.pages import PAGES, render


def write(folder: Path) -> None:
    for locale in ("ko", "en"):
        for theme in ("light", "dark"):
            place = folder / locale / theme
            place.mkdir(parents=True, exist_ok=True)
            for name in PAGES:
                (place / f"{name}.html").write_text(render(name, locale=locale, theme=theme), encoding="utf-8")
    shutil.copytree(ROOT / "madang" / "static", folder / "static", dirs_exist_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw every component with believable content.")
    parser.add_argument("folder", type=Path)
    build()
    write(parser.parse_args().folder)


if __name__ == "__main__":
    main()
