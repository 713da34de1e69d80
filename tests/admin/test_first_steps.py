"""The steps after the setup, ticked by the state of the site; the rules; the record of backups."""

import smtplib
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from madang import cli
from madang.core.mail import send_mail
from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import staff_actions
from tests.api.programs import program_of
from tests.people import Person
from tests.test_conventions_routes import recorded_statements
from tests.tools.test_mail import smtp  # noqa: F401  (a fixture)

pytestmark = pytest.mark.each_database
STEPS = ["mail", "boards", "rules", "people", "backup"]


def _done(root: Person) -> list[str]:
    """The steps that the API says are done; the page ticks as many."""
    steps = program_of(root).read("/admin/checklist")["items"]
    assert [step["name"] for step in steps] == STEPS
    done = [step["name"] for step in steps if step["is_done"]]
    assert root.page("/admin").count('<span class="pill good">Done</span>') == len(done)
    return done


def _write_rules(app, root) -> None:
    root.post("/admin/rules", text="Be **kind**.")


def _rename_a_board(app, root) -> None:
    program_of(root).patch("/admin/boards/talk", {"name": "Chat"})


def _add_an_account(app, root) -> None:
    fields = {"username": "newcomer", "email": "newcomer@example.org", "role": "member", "confirmed": "1"}
    assert root.post("/admin/users/add", **fields).status_code == 302


def _make_a_backup(app, root) -> None:
    path = Path(app.instance_path) / "site.zip"
    result = CliRunner().invoke(cli.cli, ["backup", str(path)], obj=ScriptInfo(create_app=lambda: app))
    assert result.exit_code == 0, result.output
    path.unlink()


def _ask_for_a_mail(app, root) -> None:
    root.post("/auth/forgot", email="ruth@example.org")
    run_jobs(app)


def test_nothing_is_done_on_a_new_site(root):
    assert _done(root) == []


@pytest.mark.parametrize(
    ("step", "do"),
    [
        ("boards", _rename_a_board),
        ("rules", _write_rules),
        ("people", _add_an_account),
        ("backup", _make_a_backup),
    ],
)
def test_a_step_is_done_when_the_site_shows_it(app, root, step, do):
    do(app, root)
    assert _done(root) == [step]


def test_mail_is_done_when_a_server_has_accepted_one(app, root, smtp):  # noqa: F811  (the fixture)
    assert _done(root) == [] and "A mail server is set." in root.page("/admin")
    smtp.replies["recipient"] = "550 Unknown"
    with app.app_context(), pytest.raises(smtplib.SMTPException):
        send_mail(to="nobody@example.org", subject="A", body="A")
    assert _done(root) == [], "it was refused"
    smtp.replies.clear()
    for _time in range(2):
        _ask_for_a_mail(app, root)
    assert len(smtp.accepted) == 2
    assert _done(root) == ["mail"]


def test_a_mail_that_is_written_to_the_folder_reached_nobody(app, root):
    _ask_for_a_mail(app, root)
    assert _done(root) == [] and "MADANG_MAIL_SERVER" in root.page("/admin")


def test_a_step_whose_fact_goes_is_no_longer_done(app, root):
    _write_rules(app, root)
    root.post("/admin/rules", text=" ")
    assert _done(root) == []


def test_a_deleted_account_is_nobody(root, ann):
    assert _done(root) == ["people"]
    root.post(f"/admin/users/{ann.id}/delete", reason="It was only a test.", content="keep", confirmed="1")
    assert _done(root) == []


def test_each_step_says_where_it_is_done(root):
    page = root.page("/admin")
    steps = program_of(root).read("/admin/checklist")["items"]
    for step in steps:
        assert (step["path"] is None) != (step["command"] is None), step
        if step["path"]:
            assert f'<a href="{step["path"]}">{step["title"]}</a>' in page
            root.page(step["path"])
        else:
            assert f"<code>{step['command']}</code>" in page
            assert step["command"].split()[1] in cli.cli.commands


def test_the_list_is_dismissed_for_all_administrators_and_for_good(app, root):
    assert "First steps" in root.page("/admin")
    assert root.post("/admin/checklist/dismiss").location == "/admin"
    for _time in range(2):
        assert "First steps" not in root.page("/admin")
        assert program_of(root).read("/admin/checklist")["items"] == []
        root.post("/admin/checklist/dismiss")
    assert staff_actions(app) == [("dismiss_checklist", None)]
    assert "First steps dismissed" in root.page("/admin/log")


def test_a_program_dismisses_it_too(app, root):
    assert program_of(root).delete("/admin/checklist").status_code == 204
    assert "First steps" not in root.page("/admin")
    assert staff_actions(app) == [("dismiss_checklist", None)]


def test_only_administrators_see_it_and_write_the_rules(app, dan, eve, root):
    assert "First steps" not in dan.page("/admin")
    for person, status in ((dan, 403), (eve, 404)):
        for path in ("/admin/checklist", "/admin/rules"):
            assert program_of(person).get(path).status_code == status
        person.page("/admin/rules", status)
        assert person.post("/admin/rules", text="Mine.").status_code == status
        assert person.post("/admin/checklist/dismiss").status_code == status
        assert program_of(person).put("/admin/rules", {"text": "Mine."}).status_code == status
        assert program_of(person).delete("/admin/checklist").status_code == status
    assert staff_actions(app) == [] and "First steps" in root.page("/admin")


def test_the_list_costs_two_statements_and_a_dismissed_one_none(app, root):
    counts = []
    for _state in ("shown", "dismissed"):
        root.page("/admin")
        with recorded_statements(app) as statements:
            root.page("/admin")
        counts.append(len(statements))
        root.post("/admin/checklist/dismiss")
    assert counts[0] - counts[1] == 2


def test_the_rules_are_written_on_a_page_and_shown_on_another(app, root, visitor):
    assert root.post("/admin/rules", text="Be **kind**.\r\n\r\n<script>alert(1)</script>").location == "/admin"
    about = visitor.page("/about")
    assert "<h2>Rules</h2>" in about and "Be <strong>kind</strong>." in about and "<script>alert" not in about
    assert "Be **kind**." in root.page("/admin/rules")
    root.post("/admin/rules", text="Be **kind**.\n\n<script>alert(1)</script>")
    assert staff_actions(app) == [("change_rules", None)], "the same text again changes nothing"
    assert "Rules changed" in root.page("/admin/log?kind=site")


def test_a_program_writes_the_rules(app, root, visitor):
    assert program_of(root).read("/admin/rules") == {"text": ""}
    assert program_of(root).put("/admin/rules", {"text": "친절하게 \U0001f3e1 "}).json == {
        "text": "친절하게 \U0001f3e1"
    }
    assert "친절하게" in visitor.page("/about")
    assert program_of(root).put("/admin/rules", {"text": ""}).json == {"text": ""}
    assert "<h2>Rules</h2>" not in visitor.page("/about")
    assert [verb for verb, _id in staff_actions(app)] == ["change_rules"] * 2


@pytest.mark.parametrize("body", [{}, {"text": None}, {"text": "a" * 20_001}, {"text": "", "more": ""}])
def test_invalid_rules_are_refused(root, visitor, body):
    assert program_of(root).put("/admin/rules", body).status_code == 422
    if len(body.get("text") or "") > 1:
        refused = root.post("/admin/rules", text=body["text"])
        assert refused.status_code == 422 and 'id="text-error"' in refused.text
    assert "<h2>Rules</h2>" not in visitor.page("/about")
