"""Serve a site for API clients: `python -m tests.contract.serving FOLDER`. Ann is a member, Ruth an administrator."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_migrate import upgrade

from frontend.build import ROOT
from madang import create_app
from madang.accounts.operations.signing_up import sign_up
from madang.core.clock import now
from madang.core.db import transaction
from madang.core.db.upgrade import MIGRATIONS
from madang.core.server.serve import serve_site
from tests.browser.site_builder import fill_site

PASSWORD = "eleven quiet bridges at noon"
ROLES = {"ann": "member", "ruth": "admin"}


@contextmanager
def served(instance: Path) -> Iterator[str]:
    """Serve a new site from `instance` until the block ends; yields its address."""
    settings = {"MADANG_CONFIG": "testing", "MADANG_API_BASIC_AUTH": "yes", "MADANG_JOBS_EMBEDDED": "yes"}
    command = [sys.executable, "-m", "tests.contract.serving", str(instance)]
    with (instance / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout
        match = re.search(r"http://\S+", process.stdout.readline())
        assert match, (instance / "log").read_text()
        yield match[0]
    finally:
        process.terminate()
        process.wait(20)


def main(instance: str) -> None:
    app = create_app(instance_path=instance)
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        fill_site(with_states=True)
        with transaction():
            for name, role in ROLES.items():
                fields = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "password2": PASSWORD}
                sign_up(**fields, role=role, locale="en", now=now())
    serve_site(app, host="127.0.0.1", port=0, workers=1, setup_code=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
