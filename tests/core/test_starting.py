"""What a start of a plain installation loads."""

import os
import subprocess
import sys
from pathlib import Path

from tests.pace import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
NO_PART_OF_A_PLAIN_INSTALLATION = ("boto3", "botocore")
START = """
import sys
from madang import cli, create_app, migrating
app = create_app({"REDIS_URL": ""}, instance_path=sys.argv[1])
with app.app_context():
    migrating.bring_up_to_date()
    app.test_client().get("/")
print(*sorted(set(sys.argv[2:]) & sys.modules.keys()))
"""


def start(instance: Path) -> list[str]:
    """Start on `instance` and show a page; returns what was loaded that a plain installation lacks."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
    command = [sys.executable, "-c", START, str(instance), *NO_PART_OF_A_PLAIN_INSTALLATION]
    environ |= {"MADANG_CONFIG": "testing", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_plain_site_starts_without_the_packages_of_s3(tmp_path):
    assert start(tmp_path) == []
