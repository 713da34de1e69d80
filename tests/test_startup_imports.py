"""Packages that a start must not import: optional ones, and ones that need much memory."""

import os
import subprocess
import sys
from pathlib import Path

from tests.timing import TIMEOUT_SECONDS

ROOT = Path(__file__).parents[1]
NOT_INSTALLED = ("boto3", "botocore")
# The first two are 12 MB and 2 MB of the 130 that a site may take.
LARGE = ("zxcvbn", "madang.importing.commands", "madang.archiving.commands")
START = """
import sys
from madang import cli, create_app
from madang.core.db import upgrade
app = create_app({"REDIS_URL": ""}, instance_path=sys.argv[1])
with app.app_context():
    upgrade.bring_up_to_date()
    app.test_client().get("/")
print(*sorted(set(sys.argv[2:]) & sys.modules.keys()))
"""


def start(instance: Path) -> list[str]:
    """Start on `instance` and render a page; return which of those packages were imported."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
    command = [sys.executable, "-c", START, str(instance), *NOT_INSTALLED, *LARGE]
    environ |= {"MADANG_CONFIG": "testing", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_plain_site_imports_none_of_them(instance):
    assert start(instance) == []
