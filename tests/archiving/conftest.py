"""The command line, a second, empty site, and a site with something on each kind of page."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import update

from madang import cli, create_app
from madang.accounts.models import User
from madang.core.db import db, transaction
from madang.core.db.upgrade import bring_up_to_date
from madang.core.i18n import set_locale
from madang.tags.models import Tag

from ..people import Person
from .archives import upload

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


@pytest.fixture
def content(app: Flask, ann: Person, bob: Person, cho: Person, dan: Person) -> int:
    """A site with something on each kind of page; returns its question."""
    picture = upload(ann, "teal")
    question = ann.ask(
        "마당의 나무를 어떻게 옮기나요? 🌳 & <가지>",
        f"나무가 있어요. ![나무]({picture}) @bob\n\n`code & <b>`",
        tags="나무 c++",
    )
    answer = bob.answer(question, f"[the question](/posts/{question}) and [c++](/tags/c%2B%2B) and [notes](/messages)")
    bob.answer(question, "Another answer, which is not as good.")
    ann.post(f"/posts/{answer}/accept", value="1")
    comment = cho.comment(question, f"[저 답변](/posts/{answer})이 궁금해요")
    bob.comment(question, "A reply to it", parent_id=comment)
    cho.ask("Talk about trees", "We talk here of trees and yards.", board="talk")
    duplicate = bob.ask("How are trees moved?", f"See [this](/posts/{answer}), please.", tags="나무")
    dan.post(f"/posts/{duplicate}/close", reason="duplicate", original=str(question))
    with app.app_context(), transaction() as session:
        session.execute(update(Tag).values(excerpt="A short & <description>"))
        session.execute(update(User).where(User.id == ann.id).values(bio_html="<p>I plant trees.</p>"))
    return question
