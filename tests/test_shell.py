"""`madang shell` and `flask shell` begin with the database, every table and helpers."""

from types import SimpleNamespace

import pytest
from sqlalchemy import make_url

from madang import shell
from madang.cli import inspecting
from madang.core.db import Base, db
from madang.core.errors import NotFound


def test_flask_shell_begins_with_every_table_and_helper(app):
    names = app.make_shell_context()
    assert all(names[mapper.class_.__name__] is mapper.class_ for mapper in Base.registry.mappers)
    assert names["db"] is db
    assert all(names[name] is helper for name, helper in shell.HELPERS.items())


def test_no_table_has_the_name_of_a_helper():
    assert not shell.models().keys() & shell.HELPERS.keys()


def test_madang_shell_says_what_it_has_and_runs_statements(app, ann, capfd):
    statements = """
print("name", person("ann").username, actor("ann").id == person("ANN").id)
with transaction(): person("ann").display_name = "Ann of the yard"

print("posts", db.session.scalar(select(func.count()).select_from(Post)), now().tzinfo)
"""
    result = app.test_cli_runner().invoke(inspecting.shell, input=statements)
    assert result.exit_code == 0, result.output
    assert "name ann True" in result.output
    assert "posts 0 UTC" in result.output
    printed = capfd.readouterr().err + result.output
    assert "Tables: " in printed
    for name in ("db", "now", "person", "transaction", *shell.models()):
        assert name in printed
    assert "Ann of the yard" in ann.page("/users/ann")


def test_a_password_of_the_database_is_not_printed(app, monkeypatch):
    with app.app_context():
        engine = SimpleNamespace(url=make_url("postgresql://ann:secret-word@127.0.0.1/board"))
        monkeypatch.setattr(type(db), "engine", engine)
        assert "***" in shell.banner()
        assert "secret-word" not in shell.banner()


@pytest.mark.parametrize("name", ["nobody", "", "ann%"])
def test_an_unknown_person_is_not_found(app, ann, name):
    with app.app_context(), pytest.raises(NotFound):
        shell.person(name)
