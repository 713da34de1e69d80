"""deploy/install.sh over a folder in place of /, with commands of the system that only remember that they were called.

The whole of it was tried in empty machines: docs/operations/install.md says in which.
"""

import os
import re
import shutil
import subprocess

import pytest

from madang.config import load
from tests.conftest import skip_missing
from tests.conventions import ROOT

from .machines import DOMAIN, PREPARE, RELOADS, SCRIPT, WHO, Machine

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script for Debian and Ubuntu")

RESTARTS = "systemctl restart madang-web.socket madang-web.service madang-worker.service"
WAYS = [
    (),
    ("--database", "postgresql"),
    ("--proxy", "caddy"),
    ("--tls", "self-signed"),
    ("--database", "postgresql", "--proxy", "caddy", "--tls", "self-signed"),
]


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_a_dry_run_changes_nothing_and_prints_every_command(machine, way):
    before = machine.files()
    printed = machine.install(*WHO, *way, "--dry-run")
    assert (machine.files(), machine.changes()) == (before, [])
    steps = re.findall(r"^\d+\. .*\.$", printed, re.M)
    machine.install(*WHO, *way)
    said = {line.removeprefix("   + ").replace("\\", "").partition(" ")[0] for line in printed.splitlines()}
    done = {line.partition(" ")[0] for line in machine.changes()} - {"chown"}
    assert len(steps) >= 12
    assert done - said - {"apt-get"} == set(), "a command that the dry run did not print"


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_a_second_run_changes_nothing_and_says_so(machine, way):
    machine.install(*WHO, *way)
    assert machine.changes() != []
    before = machine.files()
    printed = machine.install(*WHO, *way)
    proxy = "caddy" if "caddy" in way else "nginx"
    assert (machine.files(), machine.changes()) == (before, [each.format(proxy) for each in RELOADS])
    steps = re.split(r"^\d+\. ", printed, flags=re.M)[2:-2]  # between a look at the name, and the code
    assert [step for step in steps if "Nothing to do: " not in step] == []


def test_the_settings_have_a_secret_and_can_be_read(machine, tmp_path):
    machine.install(*WHO)
    mode, _content = machine.files()["etc/madang/settings.env"]
    path = machine.root / "etc/madang/settings.env"
    config = load({"APP_CONFIG_FILE": str(path), "MADANG_INSTANCE": str(tmp_path)}, tmp_path)
    assert mode == 0o640
    assert len(config["SECRET_KEY"]) == 64
    assert config["SITE_URL"] == "https://board.example.org"
    assert config["DATABASE_URL"].startswith("sqlite:///")


def test_the_secret_is_not_printed_and_differs_between_machines(machine, tmp_path):
    other = Machine(tmp_path / "other")
    printed = machine.install(*WHO) + other.install(*WHO)
    secrets = [
        re.search(r"^SECRET_KEY=(.+)$", each.text("etc/madang/settings.env"), re.M)[1] for each in (machine, other)
    ]
    assert secrets[0] != secrets[1]
    assert [each for each in secrets if each in printed] == []


def test_the_secret_is_in_no_argument_of_a_command(machine):
    calls = [
        machine.remember_arguments(each)
        for each in ("sed", "cat", "tr", "head", "base64", "chmod", "mv", "mkdir", "mktemp", "grep")
    ]
    machine.install(*WHO)
    secret = re.search(r"^SECRET_KEY=(.+)$", machine.text("etc/madang/settings.env"), re.M)[1]
    said = [each.read_text(encoding="utf-8") for each in calls if each.exists()]
    assert len(said) >= 8, "the commands were not remembered"
    assert [each for each in said if secret in each] == []


def test_another_kind_of_database_than_that_of_the_settings_is_refused(machine):
    machine.install(*WHO)
    machine.changes()
    _assert_refused(
        machine, (*WHO, "--database", "postgresql"), "a database of sqlite, not postgresql: docs/operations/moving"
    )
    settings = machine.root / "etc/madang/settings.env"
    with settings.open("a", encoding="utf-8") as file:
        file.write('DATABASE_URL = "postgres://madang@10.0.0.5/madang"\n')
    _assert_refused(machine, (*WHO, "--database", "sqlite"), "a database of postgresql, not sqlite")
    machine.install(*WHO, "--database", "postgresql")


def test_without_an_option_the_database_of_the_settings_stays(machine):
    machine.install(*WHO, "--database", "postgresql")
    (machine.state / "role").unlink()  # it is another machine's
    machine.changes()
    assert "Nothing to do: /etc/madang/settings.env names one." in machine.install(*WHO)
    assert [line for line in machine.changes() if "create" in line] == []


def test_postgresql_gets_a_user_without_a_password_and_a_database_in_utf_8(machine, tmp_path):
    machine.install(*WHO, "--database", "postgresql")
    calls = "\n".join(machine.changes())
    assert "runuser -u postgres -- createuser madang\n" in calls
    assert "createdb --owner=madang --encoding=UTF8" in calls
    path = machine.root / "etc/madang/settings.env"
    config = load({"APP_CONFIG_FILE": str(path), "MADANG_INSTANCE": str(tmp_path)}, tmp_path)
    assert config["DATABASE_URL"] == "postgresql+psycopg://madang@/madang?host=%2Frun%2Fpostgresql"


def test_files_that_an_administrator_changed_stay(machine):
    machine.install(*WHO)
    for path in ("etc/madang/settings.env", "etc/nginx/sites-available/madang"):
        with (machine.root / path).open("a", encoding="utf-8") as file:
            file.write("# mine\n")
    before = machine.files()
    machine.install(*WHO)
    assert machine.files() == before


def test_units_that_differ_from_the_code_are_written_anew_and_restarted(machine):
    machine.install(*WHO)
    unit = machine.root / "etc/systemd/system/madang-web.service"
    unit.write_text("[Unit]\n", encoding="utf-8")
    machine.changes()
    machine.install(*WHO)
    assert unit.read_bytes() == (ROOT / "deploy/systemd/madang-web.service").read_bytes()
    assert RESTARTS in machine.changes()


def test_units_that_a_stopped_run_has_written_are_loaded_and_restarted_by_the_next(machine):
    machine.install(*WHO)
    machine.units_are_newer_than_processes()
    machine.changes()
    machine.install(*WHO)
    changes = machine.changes()
    assert changes.index("systemctl daemon-reload") < changes.index(RESTARTS)
    machine.install(*WHO)
    assert RESTARTS not in machine.changes()


@pytest.mark.parametrize("proxy", ["nginx", "caddy"])
def test_a_site_that_a_stopped_run_has_written_is_read_by_the_next(machine, proxy):
    way = (*WHO, "--proxy", proxy)
    machine.variables["FAILS"] = f"systemctl reload-or-restart {proxy}"
    assert machine.run(*way).returncode != 0
    machine.variables["FAILS"] = ""
    machine.changes()
    machine.install(*way)
    assert f"systemctl reload-or-restart {proxy}" in machine.changes()


@pytest.mark.parametrize("tls", ["letsencrypt", "self-signed"])
def test_the_end_asks_the_address_through_the_web_server(machine, tls):
    machine.install(*WHO, "--tls", tls)
    _socket, address = machine.asked()
    assert address.endswith("--resolve board.example.org:443:127.0.0.1 https://board.example.org/readyz")
    assert ("--insecure" in address) == (tls == "self-signed")


def test_a_web_server_that_does_not_let_the_site_through_is_no_success(machine):
    machine.variables["FAILS"] = "curl * https://board.example.org/readyz"
    done = machine.run(*WHO)
    assert done.returncode != 0
    assert "Madang answers, but nginx does not let it through" in done.stderr
    assert "Open https://" not in done.stdout


@pytest.mark.parametrize("way", ["folder", "repository"])
def test_code_that_was_half_brought_is_brought_anew(machine, way):
    if way == "repository":
        (machine.source / ".git").mkdir()
    half = machine.root / "srv/madang.new"
    (half / "bin").mkdir(parents=True)
    (half / "bin/prepare").write_text("half", encoding="utf-8")
    machine.install(*WHO)
    assert machine.text("srv/madang/bin/prepare") == PREPARE
    assert not half.exists()


@pytest.mark.parametrize("way", ["folder", "repository"])
def test_the_code_appears_as_a_whole(machine, way):
    if way == "repository":
        (machine.source / ".git").mkdir()
    machine.fail_in_the_middle({"folder": "cp", "repository": "git"}[way])
    assert machine.run(*WHO).returncode != 0
    assert not (machine.root / "srv/madang").exists()
    machine.heal({"folder": "cp", "repository": "git"}[way])
    machine.install(*WHO)
    assert machine.text("srv/madang/bin/prepare") == PREPARE
    assert (machine.root / "srv/madang/deploy/madang").exists()


def test_a_folder_that_has_something_else_is_not_touched(machine):
    (machine.root / "srv/madang").mkdir()
    (machine.root / "srv/madang/mine").touch()
    done = machine.run(*WHO)
    assert done.returncode != 0
    assert "/srv/madang has something else in it" in done.stderr
    assert [each.name for each in (machine.root / "srv/madang").iterdir()] == ["mine"]


@pytest.mark.parametrize("tls", ["letsencrypt", "self-signed"])
def test_the_site_of_nginx_has_the_name_and_the_certificate(machine, tls):
    machine.install(*WHO, "--tls", tls)
    site = machine.text("etc/nginx/sites-available/madang")
    folder = {"letsencrypt": "/etc/letsencrypt/live/board.example.org", "self-signed": "/etc/madang/tls"}[tls]
    assert f"ssl_certificate {folder}/fullchain.pem;" in site
    assert f"ssl_certificate_key {folder}/privkey.pem;" in site
    assert "server_name board.example.org;" in site


def test_another_name_stands_wherever_the_example_stood(machine):
    for proxy, path in (("nginx", "etc/nginx/sites-available/madang"), ("caddy", "etc/caddy/Caddyfile")):
        machine.install("--domain", "forum.example.com", "--tls", "self-signed", "--proxy", proxy)
        assert "forum.example.com" in machine.text(path)
        assert "board.example.org" not in machine.text(path)


def test_caddy_may_use_the_socket(machine):
    machine.install(*WHO, "--proxy", "caddy")
    assert "SocketGroup=caddy\n" in machine.text("etc/systemd/system/madang-web.socket.d/proxy.conf")
    assert machine.text("etc/caddy/Caddyfile").startswith("{\n\temail ann@example.org\n}\n")


def test_a_caddyfile_of_somebody_else_is_not_overwritten(machine):
    (machine.root / "etc/caddy").mkdir()
    own = machine.root / "etc/caddy/Caddyfile"
    shutil.copy(machine.state / "Caddyfile", own)
    own.write_text("shop.example.org {\n}\n", encoding="utf-8")
    done = machine.run(*WHO, "--proxy", "caddy")
    assert done.returncode != 0
    assert "is not overwritten" in done.stderr
    assert own.read_text(encoding="utf-8") == "shop.example.org {\n}\n"


def test_the_end_names_the_address_and_the_code_until_the_site_is_set_up(machine):
    assert "Open https://board.example.org/setup and enter this code: ABCD-2345" in machine.install(*WHO)
    (machine.state / "set_up").touch()
    done = machine.run(*WHO)
    assert done.returncode == 0
    assert "The site: https://board.example.org/" in done.stdout


REFUSALS = [
    ((), "name the site: --domain"),
    (("--domain",), "--domain wants a value"),
    (("--domain", "https://board.example.org"), "is no name of a site"),
    (("--domain", "Board.example.org", "--email", "a@b.kr"), "is no name of a site"),
    (("--domain", "board;reboot.org", "--email", "a@b.kr"), "is no name of a site"),
    (("--domain", "localhost", "--email", "a@b.kr"), "is no name of a site"),
    (DOMAIN, "Let's Encrypt wants your e-mail address"),
    ((*DOMAIN, "--email", "ann"), "Let's Encrypt wants your e-mail address"),
    ((*WHO, "--database", "oracle"), "--database is sqlite or postgresql"),
    ((*WHO, "--proxy", "apache"), "--proxy is nginx or caddy"),
    ((*WHO, "--tls", "none"), "--tls is letsencrypt or self-signed"),
    ((*WHO, "--force"), "unknown option --force"),
]


@pytest.mark.parametrize(("options", "sentence"), REFUSALS)
def test_wrong_options_are_refused_before_anything_changes(machine, options, sentence):
    _assert_refused(machine, options, sentence)


def test_only_root_may_install(machine):
    machine.variables["USER_ID"] = "1000"
    _assert_refused(machine, WHO, "only root can install")
    machine.install(*WHO, "--dry-run")


@pytest.mark.parametrize("system", [("debian", "11"), ("fedora", "42"), ("ubuntu", "22.04")])
def test_an_unknown_system_is_refused(machine, system):
    machine.system(*system)
    _assert_refused(machine, WHO, " ".join(system))


@pytest.mark.parametrize("system", [("debian", "12"), ("debian", "13"), ("ubuntu", "24.04")])
def test_the_known_systems_are_not(machine, system):
    machine.system(*system)
    machine.install(*WHO, "--dry-run")


def test_another_web_server_at_its_port_is_refused(machine):
    machine.variables["LISTENS"] = "apache2"
    _assert_refused(machine, WHO, "'apache2' listens at port 80 already")


def _assert_refused(machine: Machine, options: tuple[str, ...], sentence: str) -> None:
    before = machine.files()
    done = machine.run(*options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stdout == ""
    assert (machine.files(), machine.changes()) == (before, [])


@pytest.mark.parametrize(
    ("command", "step", "hint"),
    [
        ("getent", 1, "let an A (and AAAA) record of it point to this machine"),
        ("apt-get", 2, "See that this machine reaches the package servers"),
        ("certbot", 10, "no firewall closes ports 80 and 443"),
        ("nginx", 11, "See what nginx says"),
        ("curl", 12, "journalctl -u madang-web"),
    ],
)
def test_it_stops_at_the_first_error_and_says_what_to_do(machine, command, step, hint):
    machine.variables["FAILS"] = command
    done = machine.run(*WHO)
    assert done.returncode != 0
    assert f"Stopped in step {step}. " in done.stderr
    assert hint in done.stderr
    assert f"\n{step + 1}. " not in done.stdout
    machine.variables["FAILS"] = ""
    machine.install(*WHO)


def test_settings_of_another_site_are_refused(machine):
    machine.install(*WHO)
    done = machine.run("--domain", "forum.example.com", "--tls", "self-signed")
    assert done.returncode != 0
    assert "is another site's" in done.stderr


def test_without_systemd_it_says_what_is_to_be_started_later(machine):
    shutil.rmtree(machine.root / "run/systemd")
    printed = machine.install(*WHO)
    assert "systemd does not run here; later: systemctl enable --now madang-web.socket" in printed
    assert [each for each in machine.changes() if each.startswith("systemctl")] == []


def test_the_help_names_every_option():
    text = SCRIPT.read_text(encoding="utf-8")
    done = subprocess.run([SCRIPT, "--help"], capture_output=True, text=True)
    options = set(
        re.findall(r"(--[a-z-]+)\)? ?(?:\||\))", text[text.index("read_options()") : text.index("check_options()")])
    )
    assert len(options) >= 10
    assert {option for option in options if option not in done.stdout} == set()


@pytest.mark.parametrize("path", ["deploy/install.sh", "deploy/madang", "deploy/certbot/reload-nginx"])
def test_shellcheck_finds_nothing(path):
    if shutil.which("shellcheck") is None:
        skip_missing("no shellcheck on this machine")
    done = subprocess.run(["shellcheck", ROOT / path], capture_output=True, text=True)
    assert done.stdout == ""
