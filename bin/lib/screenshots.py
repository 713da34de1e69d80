"""Pictures of the pages: every state of a made-up site, or the main pages of a site that is running.

Each at 360, 768 and 1280 px, light and dark, Korean and English: screenshots/<page>-<width>-<theme>-<locale>.png.
"""

import argparse
import contextlib
import itertools
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import sync_playwright

from bin.lib.testing import find_chromium
from frontend.build import ROOT
from tests.browser.browsing import Desk
from tests.browser.cases import CASES, Case
from tests.browser.serving import Site, served

FOLDER = ROOT / "screenshots"
IMAGES = ROOT / "docs" / "images"
WIDTHS, THEMES, LOCALES = (360, 768, 1280), ("light", "dark"), ("ko", "en")
MAIN_PAGES = {
    "home": "/",
    "boards": "/boards",
    "list": "/questions",
    "tags": "/tags",
    "people": "/users",
    "about": "/about",
}
README = {"list": Case("list", "/questions"), "question": Case("question", "/posts/{question}", "gaon")}
README_HEIGHT = {"list": 1000, "question": 1500}
COLOURS = 224  # of the pictures in the README, which keeps their files small


@contextlib.contextmanager
def site_at(address: str | None, *options: str) -> Iterator[tuple[Site, list[Case]]]:
    """The site that runs at `address` with its main pages, or one of our own with every case."""
    if address:
        yield Site(address.rstrip("/"), {}, ""), main_pages(address.rstrip("/"))
        return
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), *options) as site:
        yield site, list(CASES)


def main_pages(address: str) -> list[Case]:
    """What a visitor sees of a site whose content is not known."""
    with urlopen(f"{address}/questions?sort=votes") as answer:
        best = re.search(r'href="(/posts/\d+[^"]*)" data-row', answer.read().decode())
    paths = MAIN_PAGES | ({"question": best[1]} if best else {})
    return [Case(name, path.replace("{", "{{").replace("}", "}}")) for name, path in paths.items()]


def picture(desk: Desk, case: Case, width: int, theme: str, locale: str) -> None:
    with desk.sit(case.who, locale=locale, theme=theme, width=width) as seat:
        seat.see(case.path(desk.site), case.sent)
        seat.page.wait_for_load_state("networkidle")
        seat.page.screenshot(path=FOLDER / f"{case.name}-{width}-{theme}-{locale}.png", full_page=True)


def picture_for_readme(desk: Desk, cases: dict[str, Case], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, case in cases.items():
        path = folder / f"{name}.png"
        with desk.sit(case.who, locale="ko", theme="light") as seat:
            seat.page.set_viewport_size({"width": 1280, "height": README_HEIGHT[name]})
            seat.see(case.path(desk.site))
            seat.page.wait_for_load_state("networkidle")
            seat.page.screenshot(path=path)
        Image.open(path).convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS).save(path, optimize=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/screenshots", description="Take pictures of the pages.")
    parser.add_argument("address", nargs="?", help="a site that is running; without it one is made")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these pages")
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=THEMES)
    parser.add_argument("--locales", nargs="+", choices=LOCALES, default=LOCALES)
    parser.add_argument(
        "--readme",
        action="store_true",
        help="only the two pictures of the README, into docs/images; of a site that is running, into screenshots",
    )
    return parser.parse_args()


def take(desk: Desk, cases: list[Case], options: argparse.Namespace) -> None:
    """The pictures that the options ask for."""
    if options.readme:
        if not options.address:
            picture_for_readme(desk, README, IMAGES)
            return
        # What others wrote has a licence of its own: pictures of it stay out of the repository.
        known = {case.name: case for case in cases if case.name in README}
        picture_for_readme(desk, known, FOLDER)
        return
    shown = [case for case in cases if not options.only or case.name in options.only]
    for look in itertools.product(shown, options.widths, options.themes, options.locales):
        picture(desk, *look)


def main() -> None:
    options = parse()
    chromium = find_chromium()
    if not chromium:
        raise SystemExit("There is no Chromium here: sudo apt-get install -y chromium, or set MADANG_CHROMIUM.")
    FOLDER.mkdir(exist_ok=True)
    with (
        site_at(options.address, *(["--fair"] if options.readme else [])) as (site, cases),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        take(Desk(browser, site), cases, options)


if __name__ == "__main__":
    main()
