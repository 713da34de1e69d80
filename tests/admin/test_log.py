"""The staff log."""

import re

import pytest

from madang.admin.queries import PER_PAGE
from tests.admin.helpers import staff_actions, suspend
from tests.people import BODY

pytestmark = pytest.mark.each_database


def _lines(page: str) -> list[str]:
    return re.findall(r'<th scope="row">([^<]+)</th>', page)


def test_every_action_of_a_moderator_is_recorded(app, ann, bob, dan):
    question, original = ann.ask(tags="yard"), ann.ask("The first of its kind?")
    remark = bob.comment(question)
    answer = bob.answer(question)
    for verb, fields in (
        ("close", {"reason": "duplicate", "duplicate_of": f"/posts/{original}"}),
        ("reopen", {}),
        ("lock", {"value": "1"}),
        ("lock", {"value": "0"}),
        ("pin", {"value": "1"}),
        ("pin", {"value": "0"}),
    ):
        assert dan.post(f"/posts/{question}/{verb}", **fields).status_code == 302
    dan.post(f"/posts/{question}/edit", title="A better title?", body=BODY, tags="", version=1, summary="clearer")
    dan.post(f"/posts/{question}/revisions/1/revert")
    dan.post(f"/posts/{answer}/delete")
    dan.post(f"/posts/{answer}/restore")
    dan.post(f"/comments/{remark}/edit", body="Kinder words.")
    dan.post(f"/comments/{remark}/delete")
    dan.post(f"/comments/{remark}/restore")
    dan.post(f"/posts/{original}/move", board="talk")
    dan.post("/tags/yard/edit", excerpt="About yards.", description="")
    assert [verb for verb, _id in staff_actions(app)] == [
        *("close_post", "reopen_post", "lock_post", "unlock_post", "pin_post", "unpin_post", "edit_post", "edit_post"),
        *("delete_post", "restore_post", "edit_comment", "delete_comment", "restore_comment", "move_post"),
        "describe_tag",
    ]
    page = dan.page("/admin/log")
    assert len(_lines(page)) == 15
    assert "clearer" in page and "Restored revision 1" in page


def test_actions_on_ones_own_content_are_not_recorded(app, ann, dan):
    post = dan.ask()
    remark = dan.comment(post)
    dan.post(f"/posts/{post}/edit", title="A better title?", body=BODY, tags="", version=1)
    dan.post(f"/comments/{remark}/delete")
    dan.post(f"/posts/{post}/delete")
    other = ann.ask()
    ann.post(f"/posts/{other}/delete")
    assert staff_actions(app) == []


def test_refused_actions_are_not_recorded(app, ann, bob, dan):
    question = ann.ask()
    bob.answer(question)
    assert dan.post(f"/posts/{question}/move", board="talk").status_code == 409
    assert dan.post(f"/posts/{question}/close", reason="").status_code == 422
    assert staff_actions(app) == []


def test_the_log_is_filtered(root, dan, ann, bob):
    question = ann.ask()
    dan.post(f"/posts/{question}/lock", value=1)
    suspend(root, bob)
    assert _lines(root.page("/admin/log")) == ["Account suspended", "Post locked"]
    assert _lines(root.page("/admin/log?q=dan")) == ["Post locked"]
    assert _lines(root.page("/admin/log?q=nobody")) == []
    assert _lines(root.page("/admin/log?verb=suspend_account")) == ["Account suspended"]
    assert _lines(root.page("/admin/log?kind=post")) == ["Post locked"]
    assert _lines(root.page(f"/admin/log?kind=user&id={bob.id}")) == ["Account suspended"]
    assert _lines(root.page(f"/admin/log?kind=user&id={ann.id}")) == []
    assert "Too loud at night" in dan.page("/admin/log")
    assert "/admin/users/" not in dan.page("/admin/log")


def test_a_long_log_is_paginated(ann, dan):
    question = ann.ask()
    for number in range(PER_PAGE + 3):
        dan.post(f"/posts/{question}/pin", value=str((number + 1) % 2))
    page = dan.page("/admin/log")
    assert len(_lines(page)) == PER_PAGE
    following = re.search(r'href="([^"]+before=[^"]+)" rel="next"', page)[1].replace("&amp;", "&")
    assert len(_lines(dan.page(following))) == 3
