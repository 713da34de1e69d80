"""Settings of the browser on the command line, in `madang check`, in backups; the test mail."""

from zipfile import ZipFile

import pytest
from flask.cli import ScriptInfo

from madang.admin.operations.installation_checks import findings
from madang.backups.operations import archive as backup_archive
from madang.cli import cli
from madang.core.db import transaction
from madang.core.i18n import use_locale
from madang.core.settings import settings
from madang.core.site import set_site
from tests.api.programs import program_of
from tests.faults.site import free_port
from tests.smtp_server import smtp_server

from .settings_page import FIXED, fix, save, value_of

pytestmark = pytest.mark.each_database


def run(app, *arguments: str, typed: str = "") -> str:
    """What a command prints, or its error."""
    result = app.test_cli_runner().invoke(cli, arguments, input=typed, obj=ScriptInfo(create_app=lambda: app))
    return result.output if result.exit_code == 0 else str(result.exception)


def test_commands_set_list_and_unset(app, root):
    run(app, "set", "posts_per_page", "7")
    assert value_of(app, "POSTS_PER_PAGE") == 7
    assert "default 30; now 7 (browser)" in run(app, "settings")
    assert "Command on the server" in root.page("/admin/settings/changes")
    run(app, "unset", "MADANG_POSTS_PER_PAGE")
    assert value_of(app, "POSTS_PER_PAGE") == 30
    assert run(app, "unset", "POSTS_PER_PAGE") == "Nothing was changed.\n"


def test_the_list_says_where_a_value_comes_from(app):
    fix(app, "TITLE_MIN", "/etc/madang/settings.env")
    assert "default 2; now 2 (/etc/madang/settings.env)" in run(app, "settings")


def test_a_command_asks_for_a_secret_and_does_not_show_it(app):
    assert "hunter2" not in run(app, "set", "MAIL_PASSWORD", typed="hunter2\n")
    assert value_of(app, "MAIL_PASSWORD") == "hunter2"
    assert "hunter2" not in run(app, "settings")


def test_commands_refuse_as_the_page_does(app):
    assert "This must be a whole number" in run(app, "set", "POSTS_PER_PAGE", "0")
    assert "There is no setting" in run(app, "set", "NOTHING", "0")
    assert "Read when a process starts" in run(app, "unset", "REDIS_URL")
    fix(app, "TITLE_MIN")
    assert FIXED.format("TITLE_MIN") in run(app, "set", "TITLE_MIN", "5")


def test_madang_check_names_stored_settings_that_have_no_effect(app):
    with app.app_context(), transaction():
        set_site(POSTS_PER_PAGE="0", OF_TOMORROW="1", TITLE_MIN="5", MAIL_PASSWORD="nonsense")
    fix(app, "TITLE_MIN")
    with app.app_context(), use_locale("en"):
        found = {sentence for _is_wrong, sentence in findings(settings(), {})}
    assert {
        "The value of MADANG_POSTS_PER_PAGE at /admin/settings is not allowed, so the default is used. "
        "Please correct it.",
        "The setting OF_TOMORROW is stored, but this version does not know it.",
        "MADANG_TITLE_MIN is set at /admin/settings, but the environment or the settings file takes precedence.",
        "MADANG_MAIL_PASSWORD was encrypted with another MADANG_SECRET_KEY and is not used. "
        "Please type it again at /admin/settings.",
    } <= found


def test_a_test_mail_is_sent_by_the_settings_of_the_browser(app, root):
    with smtp_server(app) as server:
        app.config |= {"MAIL_SERVER": None, "MAIL_PORT": 1, "MAIL_TLS": "starttls"}
        place = {"MAIL_SERVER": "localhost", "MAIL_PORT": str(server.port), "MAIL_TLS": "none"}
        assert root.post("/admin/settings/test-mail", address="ann@example.org").status_code == 503
        assert program_of(root).post("/admin/test-mail", {"address": "ann@example.org"}).status_code == 409
        save(root, **place, MAIL_FROM="Yard <yard@yard.example>")
        assert "has accepted the mail" in root.follow(root.post("/admin/settings/test-mail", address="ann@example.org"))
        assert program_of(root).post("/admin/test-mail", {"address": "bob@example.org"}).status_code == 204
    assert [recipients for recipients, _content in server.accepted] == [["ann@example.org"], ["bob@example.org"]]
    assert b"From: Yard <yard@yard.example>" in server.accepted[0][1]


def test_a_server_that_does_not_answer_is_saved_and_the_test_says_so(app, root):
    save(root, MAIL_SERVER="localhost", MAIL_PORT=str(free_port()), MAIL_TLS="none")
    refused = root.post("/admin/settings/test-mail", address="ann@example.org")
    assert (refused.status_code, 'class="notice bad"' in refused.text) == (503, True)
    assert "localhost" in refused.text
    assert program_of(root).post("/admin/test-mail", {"address": "ann@example.org"}).status_code == 503
    assert value_of(app, "MAIL_SERVER") == "localhost"


def test_a_test_mail_to_no_address_is_refused(app, root):
    with smtp_server(app) as server:
        assert root.post("/admin/settings/test-mail", address="nobody").status_code == 422
    assert server.accepted == []


def test_settings_are_in_a_backup_and_secrets_only_encrypted(app, root, tmp_path):
    save(root, POSTS_PER_PAGE="7")
    save(root, MAIL_PASSWORD="hunter2")
    run(app, "backup", str(tmp_path / "site.madang"))
    with ZipFile(tmp_path / "site.madang") as file:
        parts = {name: file.read(name) for name in file.namelist()}
    lines = {name: backup_archive.zstd.decompress(part) for name, part in parts.items() if name.endswith(".zst")}
    settings_lines = lines["tables/site_settings.jsonl.zst"]
    assert b'"POSTS_PER_PAGE"' in settings_lines
    assert b'"MAIL_PASSWORD"' in settings_lines
    assert not any(b"hunter2" in text for text in [*parts.values(), *lines.values()])
