"""Take screenshots: of every page of a generated site, or of the main pages of a running site.

Each page at 360, 768 and 1280 px, light and dark, Korean and English: screenshots/<page>-<width>-<theme>-<locale>.png.
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
from tests.browser.browsing import BrowserPool
from tests.browser.cases import CASES, Case
from tests.browser.content import ADMIN
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
DOCS = README | {
    "board-readers": Case("board-readers", "/admin/boards/1", ADMIN),
    "settings": Case("settings", "/admin/settings", ADMIN),
}
HEIGHT = {"list": 1000, "question": 1500, "board-readers": 1250, "settings": 1000}
COLOURS = 224  # of the screenshots in docs/images, to keep their files small


@contextlib.contextmanager
def site_at(address: str | None, *options: str) -> Iterator[tuple[Site, list[Case]]]:
    """The running site at `address` with its main pages, or a generated site with every case."""
    if address:
        yield Site(address.rstrip("/"), {}, ""), main_pages(address.rstrip("/"))
        return
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), *options) as site:
        yield site, list(CASES)


def main_pages(address: str) -> list[Case]:
    """The pages of a site with unknown content that a visitor can see."""
    with urlopen(f"{address}/questions?sort=votes") as answer:
        best = re.search(r'href="(/posts/\d+[^"]*)" data-row', answer.read().decode())
    paths = MAIN_PAGES | ({"question": best[1]} if best else {})
    return [Case(name, path.replace("{", "{{").replace("}", "}}")) for name, path in paths.items()]


def take_screenshot(browsers: BrowserPool, case: Case, width: int, theme: str, locale: str) -> None:
    with browsers.open_for(case.who, locale=locale, theme=theme, width=width) as user:
        user.visit(case.path(browsers.site), case.sent)
        user.page.wait_for_load_state("networkidle")
        user.page.screenshot(path=FOLDER / f"{case.name}-{width}-{theme}-{locale}.png", full_page=True)


def take_docs_screenshots(browsers: BrowserPool, cases: dict[str, Case], folder: Path) -> None:
    """Take those of the README, in Korean, and those of the pages of docs, in English."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, case in cases.items():
        path = folder / f"{name}.png"
        with browsers.open_for(case.who, locale="ko" if name in README else "en", theme="light") as user:
            user.page.set_viewport_size({"width": 1280, "height": HEIGHT[name]})
            user.visit(case.path(browsers.site))
            user.page.wait_for_load_state("networkidle")
            user.page.screenshot(path=path)
        Image.open(path).convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS).save(path, optimize=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/screenshots", description="Take screenshots of the pages.")
    parser.add_argument("address", nargs="?", help="address of a running site; without it a site is generated")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these pages")
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=THEMES)
    parser.add_argument("--locales", nargs="+", choices=LOCALES, default=LOCALES)
    parser.add_argument(
        "--readme",
        action="store_true",
        help="only those of the README and of docs, into docs/images; with an address, the README's into screenshots",
    )
    return parser.parse_args()


def take_screenshots(browsers: BrowserPool, cases: list[Case], options: argparse.Namespace) -> None:
    """Take the screenshots that the options select."""
    if options.readme:
        if not options.address:
            take_docs_screenshots(browsers, DOCS, IMAGES)
            return
        # Content of a running site has its authors' licence: screenshots of it are not committed.
        known = {case.name: case for case in cases if case.name in README}
        take_docs_screenshots(browsers, known, FOLDER)
        return
    selected = [case for case in cases if not options.only or case.name in options.only]
    for view in itertools.product(selected, options.widths, options.themes, options.locales):
        take_screenshot(browsers, *view)


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
        take_screenshots(BrowserPool(browser, site), cases, options)


if __name__ == "__main__":
    main()
