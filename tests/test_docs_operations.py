"""docs/operations: every page stands in the index, every command, unit, alert and file of deploy/ is explained."""

import re

import pytest
import yaml

from madang.cli import cli

from .conventions import ROOT

FOLDER = ROOT / "docs" / "operations"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
ALL = "\n".join(PAGES.values())
COMMANDS = {*cli.commands, "db"}  # Flask-Migrate brings this one with the application
RULES = yaml.safe_load((ROOT / "deploy" / "monitoring" / "alerts.yml").read_text())["groups"][0]["rules"]


def test_the_index_leads_to_every_page():
    assert {name for name in PAGES if f"]({name}" not in PAGES["README.md"]} == {"README.md"}


def test_every_command_has_a_row():
    rows = [row.partition(" | ")[0] for row in PAGES["commands.md"].splitlines() if row.startswith("| `madang ")]
    named = {name for row in rows for name in re.findall(r"`madang ([\w-]+)", row)}
    assert named == COMMANDS


def test_every_madang_command_in_the_pages_exists():
    named = set(re.findall(r"^(?:sudo )?madang ([a-z][\w-]+)", ALL, re.M)) | set(
        re.findall(r"`(?:sudo )?madang ([a-z][\w-]+)", ALL)
    )
    assert len(named) > 15
    assert named - COMMANDS == set()


def test_every_file_of_deploy_that_a_page_names_exists():
    named = set(re.findall(r"(?<!tests/)(?<![\w.])deploy/[\w./-]*\w(?![\w*-])", ALL))
    assert len(named) > 10
    missing = {path for path in named if not (ROOT / path).exists()}
    assert missing - {"deploy/.env"} == set()  # an administrator writes that one


def test_every_unit_is_explained():
    units = {path.name for path in (ROOT / "deploy" / "systemd").iterdir()}
    explained = set(re.findall(r"^\| `(madang-[\w.]+)` \|", PAGES["install.md"], re.M))
    timers = {name for name in explained if name.endswith(".timer")}
    assert explained | {name.replace(".timer", ".service") for name in timers} == units


def test_every_alarm_has_a_section_and_every_section_an_alarm():
    alarms = PAGES["breaking.md"].partition("## Alarms")[2]
    sections = {heading.lower().replace(" ", "-") for heading in re.findall(r"^### (.+)$", alarms, re.M)}
    runbooks = {rule["annotations"]["runbook"] for rule in RULES}
    assert {f"docs/operations/breaking.md#{section}" for section in sections} == runbooks


@pytest.mark.parametrize("name", [name for name in PAGES if "systemctl stop" in PAGES[name]])
def test_who_stops_the_site_stops_the_socket_too(name):
    """A request at the open socket starts the web unit again, in the middle of a restore."""
    stops = re.findall(r"systemctl stop .*madang-web.*", PAGES[name])
    assert [line for line in stops if "madang-web.socket" not in line] == []


def test_the_installation_says_what_each_option_of_the_script_does():
    text = (ROOT / "deploy" / "install.sh").read_text(encoding="utf-8")
    usage = text[text.index("usage() {") : text.index("\nEND\n")]
    options = set(re.findall(r"--[a-z-]+", usage)) - {"--help"}
    assert {option for option in options if option not in ALL} == set()
