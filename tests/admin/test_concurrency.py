"""Concurrent changes by two administrators."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from madang.accounts.models import User
from madang.accounts.operations.managing import edit_account
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.errors import MadangError

pytestmark = pytest.mark.each_database


def _demote(app, actor, user_id: int, start: Barrier, errors: list[str]) -> None:
    with app.app_context():
        start.wait()
        try:
            with transaction():
                user = db.session.get_one(User, user_id)
                words = {"username": user.username, "display_name": user.display_name, "email": user.email or ""}
                edit_account(user, actor=actor, role="member", now=now(), **words)
        except MadangError as error:
            errors.append(error.code)


def test_two_administrators_who_demote_each_other_leave_one(app, root, ann):
    fields = {"username": "ann", "display_name": "ann", "email": "ann@example.org", "role": "admin", "confirmed": "1"}
    root.post(f"/admin/users/{ann.id}", **fields)
    start, errors = Barrier(2), []
    pairs = ((root.actor, ann.id), (ann.actor, root.id))
    threads = [Thread(target=_demote, args=(app, actor, user_id, start, errors)) for actor, user_id in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        admins = db.session.scalar(select(func.count()).select_from(User).where(User.role == "admin"))
    assert admins == 1 and len(errors) == 1
