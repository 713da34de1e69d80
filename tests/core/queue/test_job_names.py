"""The names of jobs are stored in the database: a job that is waiting must find its function in the next version."""

import subprocess
import sys
from pathlib import Path

import pytest

from madang import slices
from madang.core.queue import JobFunction, job
from madang.core.queue.functions import functions

STORED = {
    "accounts.send_recovery_mail",
    "admin.render_board",
    "accounts.export_my_data",
    "accounts.purge_guests",
    "accounts.send_email_link",
    "accounts.send_password_link",
    "accounts.tell_former_address",
    "admin.check_installation",
    "admin.clear_board",
    "admin.remove_content",
    "following.forget_person",
    "following.forget_thing",
    "following.spread",
    "following.trim",
    "backups.make",
    "groups.add_named",
    "groups.apply_domains",
    "jobs.purge",
    "moderation.forget_flag",
    "moderation.tell_moderators",
    "moderation.tell_of_verdict",
    "notifications.forget_board",
    "notifications.forget_hidden",
    "notifications.forget_acceptance",
    "notifications.forget_comment",
    "notifications.forget_post",
    "notifications.forget_vote",
    "notifications.mail_digest",
    "notifications.mail_notification",
    "notifications.notify",
    "notifications.notify_about_acceptance",
    "notifications.notify_about_answer",
    "notifications.notify_about_comment",
    "notifications.notify_about_comment_vote",
    "notifications.notify_about_follower",
    "notifications.notify_about_message",
    "notifications.notify_about_post",
    "notifications.notify_about_vote",
    "notifications.notify_followers",
    "notifications.send_due_digests",
    "posts.purge_pictures",
    "posts.remove_stray_files",
    "posts.retag_posts",
    "search.rebuild_index",
    "todos.purge_todos",
    "todos.remind_due",
    "tools.count_words",
    "tools.send_an_email",
}


def test_every_slice_with_jobs_loads_them():
    package = Path(slices.__file__).parent
    with_jobs = {path.parent.name for path in package.glob("*/jobs.py")} | {
        path.parent.parent.name for path in package.glob("*/jobs/__init__.py") if path.parent.parent.name != "core"
    }
    assert {each.name for each in slices.SLICES if each.jobs} == with_jobs


def test_every_stored_name_has_its_function_after_a_start():
    """In a separate process: tests import modules that a site may not load."""
    printed = "from madang import slices; from madang.core.queue.functions import functions; print(*functions)"
    done = subprocess.run([sys.executable, "-c", printed], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == STORED


def test_two_jobs_cannot_share_a_name():
    with pytest.raises(ValueError, match=r"posts\.purge_pictures"):
        job("posts.purge_pictures")(lambda: None)
    assert isinstance(functions["posts.purge_pictures"], JobFunction)


def test_former_names_are_taken_too():
    with pytest.raises(ValueError, match=r"posts\.purge_pictures"):
        job("tests.purge_all_pictures", former={"posts.purge_pictures": dict})(lambda: None)
    assert functions["posts.purge_pictures"].name == "posts.purge_pictures"
    del functions["tests.purge_all_pictures"]
