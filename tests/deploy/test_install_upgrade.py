"""deploy/install.sh --upgrade, over a folder in place of /: see test_install.py."""

import os

import pytest

from .machines import WHO

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script for Debian and Ubuntu")


def test_an_upgrade_brings_the_code_prepares_it_and_replaces_the_processes(machine):
    machine.install(*WHO)
    machine.changes()
    printed = machine.install("--upgrade")
    git, systemctl = (
        [line for line in changes if line.startswith(name)]
        for changes in [machine.changes()]
        for name in ("git", "systemctl")
    )
    assert [line.split()[3] for line in git] == ["diff", "pull"]
    assert systemctl[0] == "systemctl daemon-reload"
    assert systemctl[1:] == [
        "systemctl reload-or-restart madang-web.service",
        "systemctl restart madang-worker.service",
    ]
    assert printed.index("git -C") < printed.index("bin/prepare") < printed.index("systemctl reload-or-restart")
    assert "Ready: madang 9.9.9" in printed


def test_an_upgrade_starts_nothing_that_is_not_enabled_on_this_machine(machine):
    machine.install(*WHO)
    (machine.state / "started").unlink()
    machine.changes()
    printed = machine.install("--upgrade")
    assert "This machine has no web processes." in printed
    assert "This machine has no worker." in printed
    assert [line for line in machine.changes() if line.startswith("systemctl")] == ["systemctl daemon-reload"]


def test_an_upgrade_after_one_that_was_stopped_restarts_what_runs_with_older_units(machine):
    machine.install(*WHO)
    machine.units_are_newer_than_processes()
    machine.changes()
    machine.install("--upgrade")
    assert [line for line in machine.changes() if line.startswith("systemctl")] == [
        "systemctl daemon-reload",
        "systemctl restart madang-web.service",
        "systemctl restart madang-worker.service",
    ]


def test_an_upgrade_brings_the_command_of_the_new_code(machine):
    machine.install(*WHO)
    new = machine.root / "srv/madang/deploy/madang"
    new.write_text(new.read_text(encoding="utf-8") + "# newer\n", encoding="utf-8")
    machine.install("--upgrade")
    assert machine.text("usr/local/bin/madang").endswith("# newer\n")


def test_changed_units_restart_the_web_processes(machine):
    machine.install(*WHO)
    (machine.root / "etc/systemd/system/madang-web.service").write_text("[Unit]\n", encoding="utf-8")
    machine.changes()
    machine.install("--upgrade")
    assert [line for line in machine.changes() if line.startswith("systemctl")] == [
        "systemctl daemon-reload",
        "systemctl restart madang-web.service",
        "systemctl restart madang-worker.service",
    ]


def test_an_upgrade_can_name_a_version(machine):
    machine.install(*WHO)
    machine.changes()
    machine.install("--upgrade", "--to", "v1.2.3")
    assert [line for line in machine.changes() if line.startswith("git") and line.endswith("checkout --quiet v1.2.3")]
