"""Serve a site on a free port in a separate process: `python -m tests.browser.serving INSTANCE [OPTION]`.

With `--empty` the site is not set up, with `--fair` it has no content that is hard to display. A separate process,
because in-memory caches of an application belong to one database.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask_migrate import upgrade

from frontend.build import ROOT
from madang import create_app
from madang.core.db import transaction
from madang.core.db.upgrade import MIGRATIONS
from madang.core.server.serve import serve_site
from madang.core.site import make_setup_code
from tests.browser.site_builder import Places, fill_site

ROWS_ON_A_PAGE = "10"


@dataclass(frozen=True)
class Site:
    """A running site: `places` are ids by name, `code` authorises the setup page of an empty site."""

    url: str
    places: Places
    code: str


@contextmanager
def served(instance: Path, *options: str) -> Iterator[Site]:
    """Serve a new site from `instance` until the block ends: filled, `--fair` or `--empty`."""
    settings = {"MADANG_CONFIG": "testing", "MADANG_POSTS_PER_PAGE": ROWS_ON_A_PAGE, "MADANG_JOBS_EMBEDDED": "yes"}
    command = [sys.executable, "-m", "tests.browser.serving", str(instance), *options]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        places = json.loads(process.stdout.readline() or "{}")
        line = process.stdout.readline()
        match = re.search(r"(http://\S+)(?: \(setup code (\S+)\))?", line)
        assert match, f"The site did not start: {line}"
        yield Site(match[1], places, match[2] or "")
    finally:
        process.terminate()
        process.wait(20)


def main(instance: str, *options: str) -> None:
    app = create_app(instance_path=instance)
    code = None
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        if "--empty" in options:
            with transaction():
                code = make_setup_code()
        print(json.dumps({} if code else fill_site(with_states="--fair" not in options)), flush=True)
    serve_site(app, host="127.0.0.1", port=0, workers=1, setup_code=code)


if __name__ == "__main__":
    main(*sys.argv[1:])
