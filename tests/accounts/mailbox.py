"""Read the mails that a test's application wrote into its instance folder, and run its jobs."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask

from madang.core.queue import run_due


def run_jobs(app: Flask) -> None:
    """Run all due jobs."""
    with app.app_context():
        run_due()


def mails(app: Flask) -> list[EmailMessage]:
    """Run all due jobs, and return every mail sent, the oldest first."""
    run_jobs(app)
    folder = Path(app.instance_path) / "mail"
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]


def link_in(mail: EmailMessage) -> str:
    """The path of the only link in a mail."""
    links = re.findall(r"https?://[^/\s]+(/\S+)", mail.get_content())
    assert len(links) == 1, mail.get_content()
    return links[0]
