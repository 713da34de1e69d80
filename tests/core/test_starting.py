"""What a start loads and makes ready, and what waits until somebody needs it."""

import os
import subprocess
import sys
from pathlib import Path

from werkzeug.routing import Map

from madang.core.routing import Rule
from tests.timing import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
NEEDED_BY_FEW = "redis rq alembic flask_migrate mako zxcvbn email_validator boto3 bs4 markdownify psycopg pymysql"
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
    """Start on `instance` and show a page; returns what was loaded of what few sites need."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
    command = [sys.executable, "-c", START, str(instance), *NEEDED_BY_FEW.split()]
    environ |= {"MADANG_CONFIG": "testing", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_second_start_loads_nothing_that_few_sites_need(tmp_path):
    assert "alembic" in start(tmp_path), "it makes the tables"
    assert start(tmp_path) == []


def test_a_rule_builds_its_address_with_and_without_a_query():
    map = Map([Rule("/posts/<int:post_id>", endpoint="post"), Rule("/tags/", defaults={"page": 1}, endpoint="tags")])
    site = map.bind("example.org")
    for _time in range(2):
        assert site.build("post", {"post_id": 7}) == "/posts/7"
        assert site.build("post", {"post_id": 7, "page": 2}) == "/posts/7?page=2"
        assert site.build("post", {"post_id": 7, "page": 2}, append_unknown=False) == "/posts/7"
        assert site.build("tags", {"page": 1}) == "/tags/"
    assert site.match("/posts/7") == ("post", {"post_id": 7})


def test_a_variable_of_an_address_may_have_any_name():
    site = Map([Rule("/<self>/<rule>", endpoint="any")]).bind("example.org")
    assert site.build("any", {"self": "a", "rule": "b"}) == "/a/b"
