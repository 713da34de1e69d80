"""The command line, and a second, empty site."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from madang import cli, create_app
from madang.core.db import db
from madang.core.db.upgrade import bring_up_to_date
from madang.core.i18n import set_locale

Command = Callable[..., Result]


@pytest.fixture
def madang(app: Flask) -> Command:
    """Runs `madang` with these arguments."""

    def run(*arguments: str | Path) -> Result:
        set_locale("en")  # the latest request may have been Korean
        return CliRunner().invoke(cli.cli, [str(each) for each in arguments], obj=ScriptInfo(create_app=lambda: app))

    return run


@pytest.fixture
def scratch(instance: Path) -> Iterator[Flask]:
    """Another site, new and empty, on SQLite."""
    other = create_app({"DATABASE_URL": f"sqlite:///{instance / 'other.db'}"}, instance_path=instance)
    with other.app_context():
        bring_up_to_date()
    yield other
    with other.app_context():
        db.engine.dispose()
