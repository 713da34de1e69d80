"""Every route with a parameter that names another person's object answers a stranger with 404 or 403."""

import re
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from madang.accounts.models import LoginSession
from madang.core.db import db
from tests.accounts.mailbox import run_jobs
from tests.api.programs import V1, Program, program_of, tokens_of
from tests.api.test_authorisation import _body, _name, _rules

pytestmark = pytest.mark.each_database

# Routes that any account may use on public content and profiles of others.
OPEN_TO_ALL = {
    "POST /posts/{post_id}/answers": "whoever has an account may answer",
    "POST /posts/{post_id}/comments": "and comment",
    "PUT /posts/{post_id}/vote": "and vote",
    "DELETE /posts/{post_id}/vote": "their own vote",
    "PUT /comments/{comment_id}/vote": "and vote",
    "DELETE /comments/{comment_id}/vote": "their own vote",
    "PUT /posts/{post_id}/flag": "whoever has an account may flag",
    "DELETE /posts/{post_id}/flag": "their own flag",
    "PUT /comments/{comment_id}/flag": "and flag",
    "DELETE /comments/{comment_id}/flag": "their own flag",
    "DELETE /posts/{post_id}/deletion-request": "their own request, which there may not be",
    "PUT /posts/{post_id}/save": "their own list",
    "DELETE /posts/{post_id}/save": "their own list",
    "PUT /posts/{post_id}/follow": "their own feed",
    "DELETE /posts/{post_id}/follow": "their own feed",
    "PUT /tags/{name}/follow": "their own feed",
    "DELETE /tags/{name}/follow": "their own feed",
    "PUT /boards/{slug}/follow": "their own feed",
    "DELETE /boards/{slug}/follow": "their own feed",
    "PUT /users/{username}/follow": "their own feed",
    "DELETE /users/{username}/follow": "their own feed",
    "PUT /users/{username}/block": "whom one does not want to hear",
    "DELETE /users/{username}/block": "the same",
    "PUT /drafts/{place}": "their own draft",
    "DELETE /drafts/{place}": "their own draft",
    "GET /drafts/{place}": "their own draft, which there may not be",
}
OWN = ("/posts/{post_id}/vote", "/comments/{comment_id}/vote", "/follow")  # reading these shows the caller's own state


@pytest.fixture
def others(app: Flask, ann, bob, dan) -> dict[str, int | str]:
    """The ids and names of objects of Ann and Bob, by the route parameter that takes them."""
    hers = program_of(ann)
    question = ann.ask(tags="yard")
    answer = bob.answer(question)
    ann.post(f"/posts/{question}/edit", title="How do I move a yard?", body="Other words of mine.", version=1)
    wrote = bob.post("/messages/new", to="ann", body="Shall we meet at the well?")
    conversation = int(re.search(r"/messages/(\d+)", wrote.location)[1])
    todo = hers.post("/todos", {"title": "Water the pine"}).json
    job = hers.post("/tools/word-counts", {"text": "one two three"}).json
    run_jobs(app)
    token = hers.post("/me/tokens", {"name": "script", "scopes": ["read"]}).json["token"]["id"]
    tokens_of(ann)
    with app.app_context():
        session = db.session.query(LoginSession.id).filter_by(user_id=ann.id).first()[0]
    picture = BytesIO()
    Image.new("RGB", (4, 3), "green").save(picture, "PNG")
    sent = hers.call("POST", "/files", data={"file": (BytesIO(picture.getvalue()), "leaf.png")})
    return {
        "post_id": question,
        "answer_id": answer,
        "comment_id": ann.comment(question),
        "conversation_id": conversation,
        "message_id": hers.read(f"/conversations/{conversation}/messages")["items"][0]["id"],
        "todo_id": todo["id"],
        "list_id": todo["list_id"],
        "job_id": job["id"],
        "token_id": token,
        "session_id": session,
        "notification_id": hers.read("/notifications/activity")["items"][0]["id"],
        "file_id": sent.json["id"],
        "number": 1,
        "change_id": 1,
        "username": "ann",
        "name": "yard",
        "slug": "qa",
        "place": "post",
        "synonym": "garden",
    }


def test_a_stranger_has_no_access_to_private_objects(app, others, eve):
    program, call_count = program_of(eve), 0
    for method, rule in _rules(app):
        name = _name(method, rule)
        access = app.view_functions[rule.endpoint].access
        if not rule.arguments or access.is_public or name in OPEN_TO_ALL or name.endswith(OWN):
            continue
        path = rule.build({part: others[part] for part in rule.arguments})[1]
        answer = program.call(method, path.removeprefix(V1), _body(app, method, rule))
        assert answer.status_code in (403, 404), f"{name}: {answer.status_code} {answer.text[:200]}"
        call_count += 1
    assert call_count > 40


def test_a_stranger_changes_no_private_object(app, others, ann, eve):
    """Ann's objects are unchanged after a stranger has called every route."""
    hers = program_of(ann)
    paths = [
        f"/posts/{others['post_id']}?fields=title,body,version,is_deleted,is_locked,board",
        f"/todos/{others['todo_id']}",
        f"/jobs/{others['job_id']}",
        f"/conversations/{others['conversation_id']}/messages",
        "/me?fields=username,email,bio,role",
        "/me/tokens",
    ]
    before = [hers.read(path) for path in paths]
    program = program_of(eve)
    for method, rule in _rules(app):
        if rule.arguments:
            path = rule.build({part: others[part] for part in rule.arguments})[1]
            program.call(method, path.removeprefix(V1), _body(app, method, rule))
    after = [hers.read(path) for path in paths]
    assert after == before


def test_every_open_route_exists(app):
    assert OPEN_TO_ALL.keys() - {_name(method, rule) for method, rule in _rules(app)} == set()


def test_staff_cannot_read_conversations_of_others(app, others, dan, people):
    for who in (dan, people["ruth"]):
        program = program_of(who)
        path = f"/conversations/{others['conversation_id']}"
        for inner in ("", "/messages", f"/messages/{others['message_id']}"):
            assert program.get(path + inner).status_code == 404
        assert Program(app).get(path).status_code == 401
