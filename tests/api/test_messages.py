"""Conversations, blocks and reports by the API."""

import pytest

from .programs import Program, program_of
from .test_users import pages

pytestmark = pytest.mark.each_database


@pytest.fixture
def hers(ann) -> Program:
    return program_of(ann)


@pytest.fixture
def his(bob) -> Program:
    return program_of(bob)


def begun(program: Program, *to: str, body: str = "Shall we meet at the well?", **words) -> dict:
    answer = program.post("/conversations", {"to": list(to), "body": body, **words})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/conversations/{answer.json['id']}"
    return answer.json


def test_a_message_is_written_answered_and_read(ann, hers, his):
    talk = begun(hers, "bob", body="Shall we **meet**?")
    path = f"/conversations/{talk['id']}"
    assert (talk["name"], talk["can_post"], talk["closed"]) == ("bob", True, None)
    assert his.read("/me")["unread_message_count"] == 1
    message = his.read(f"{path}/messages")["items"][0]
    assert (message["author"]["username"], message["is_mine"], message["body"]) == ("ann", False, "Shall we **meet**?")
    assert "<strong>meet</strong>" in message["body_html"]
    assert his.read("/conversations")["items"][0]["unread_count"] == 1, "looking here reads nothing"
    assert his.put(f"{path}/read").status_code == 204
    assert his.read("/me")["unread_message_count"] == 0
    assert hers.read(f"{path}/messages/{message['id']}")["read_by"] == "Read"
    answer = his.post(f"{path}/messages", {"body": "At noon."})
    assert (answer.status_code, answer.json["is_mine"]) == (201, True)
    assert his.read(answer.headers["Location"]) == answer.json
    assert "At noon." in ann.page(f"/messages/{talk['id']}")


def test_what_is_wrong_is_named(hers, bob):
    answer = hers.post("/conversations", {"to": ["nobody"], "title": "x" * 121, "body": " "})
    assert answer.json["errors"].keys() == {"to", "title", "body"}
    assert hers.post("/conversations", {"to": "bob"}).json["errors"].keys() == {"to", "body"}
    talk = begun(hers, "bob")
    assert hers.post(f"/conversations/{talk['id']}/messages", {"body": ""}).json["errors"].keys() == {"body"}


def test_nobody_else_finds_a_conversation(hers, bob, eve):
    talk, stranger = begun(hers, "bob"), program_of(eve)
    path = f"/conversations/{talk['id']}"
    message = hers.read(f"{path}/messages")["items"][0]["id"]
    for address in (path, f"{path}/messages", f"{path}/messages/{message}"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{path}/messages", {"body": "Hello?"}).status_code == 404
    for address in ("read", "mute", f"messages/{message}/save"):
        assert stranger.put(f"{path}/{address}").status_code == 404
    assert stranger.put(f"{path}/messages/{message}/report", {"reason": "x"}).status_code == 404
    assert stranger.delete(path).status_code == 404
    other = begun(stranger, "ann")["id"]
    assert hers.get(f"/conversations/{other}/messages/{message}").status_code == 404


def test_a_conversation_is_paged_both_ways(hers, bob):
    path = f"/conversations/{begun(hers, 'bob')['id']}/messages"
    for number in range(4):
        hers.post(path, {"body": f"Letter number {number}."})
    newest = pages(hers, path, "id", 2)
    assert len(newest) == 5
    assert newest == sorted(newest, reverse=True)
    assert pages(hers, f"{path}?sort=oldest", "id", 2) == newest[::-1]
    assert pages(hers, f"{path}?sort=oldest&after={newest[2]}", "id", 1) == [newest[1], newest[0]]


def test_the_inbox_is_paged_the_latest_first(people, hers):
    talks = [begun(program_of(people[f"person{number}"]), "ann")["id"] for number in range(5)]
    assert pages(hers, "/conversations", "id", 2) == talks[::-1]
    assert hers.post("/conversations/read").status_code == 204
    assert {line["unread_count"] for line in hers.read("/conversations")["items"]} == {0}


def test_a_conversation_is_muted_and_left(hers, his, cho):
    path = f"/conversations/{begun(hers, 'bob', 'cho', title='The yard')['id']}"
    assert his.put(f"{path}/mute").status_code == 204
    assert (his.read(path)["is_muted"], his.read("/me")["unread_message_count"]) == (True, 0)
    assert his.delete(f"{path}/mute").status_code == 204
    assert his.read("/me")["unread_message_count"] == 1
    assert his.delete(path).status_code == 204
    assert his.get(path).status_code == 404
    people = {person["username"]: person["has_left"] for person in hers.read(path)["people"]}
    assert people == {"ann": False, "bob": True, "cho": False}


def test_somebody_is_blocked_and_heard_again(hers, his, ann, dan):
    begun(hers, "bob")
    assert his.put("/users/ann/block").status_code == 204
    assert his.put("/users/ann/block").status_code == 204
    assert [line["person"]["username"] for line in his.read("/me/blocks")["items"]] == ["ann"]
    refused = hers.post("/conversations", {"to": ["bob"], "body": "Hello?"})
    assert refused.json["errors"].keys() == {"to"}
    assert his.delete("/users/ann/block").status_code == 204
    assert his.read("/me/blocks")["items"] == []
    begun(hers, "bob")
    assert his.put("/users/bob/block").status_code == 403
    assert his.put("/users/dan/block").status_code == 403
    assert his.put("/users/nobody/block").status_code == 404


def test_a_message_is_shown_to_the_moderators_alone(hers, his, dan, eve, ruth):
    talk = begun(hers, "bob", body="Buy a yard!")
    path = f"/conversations/{talk['id']}/messages"
    message = his.read(path)["items"][0]["id"]
    assert his.put(f"{path}/{message}/report", {"reason": ""}).json["errors"].keys() == {"reason"}
    assert hers.put(f"{path}/{message}/report", {"reason": "mine"}).status_code == 403
    for _ in range(2):
        assert his.put(f"{path}/{message}/report", {"reason": "An advertisement."}).status_code == 204
    second = hers.post(path, {"body": "Buy two!"}).json["id"]
    his.put(f"{path}/{second}/report", {"reason": "Again."})
    moderator = program_of(dan)
    assert pages(moderator, "/admin/reports", "reason", 1) == ["Again.", "An advertisement."]
    report = moderator.read("/admin/reports")["items"][1]
    assert (report["author"]["username"], report["reporter"]["username"]) == ("ann", "bob")
    assert "Buy a yard!" in report["body_html"]
    assert program_of(eve).get("/admin/reports").status_code == 404


def test_a_message_is_saved_for_later(hers, his):
    path = f"/conversations/{begun(hers, 'bob')['id']}/messages"
    message = his.read(path)["items"][0]["id"]
    saved = his.put(f"{path}/{message}/save")
    assert (saved.status_code, saved.json["title"]) == (200, "Shall we meet at the well?")
    assert his.read(f"{path}/{message}")["is_saved"]
    assert his.delete(f"{path}/{message}/save").status_code == 204
    assert not his.read(f"{path}/{message}")["is_saved"]


def test_messages_need_their_own_scope(app, ann, hers):
    secret = hers.post("/me/tokens", {"name": "x", "scopes": ["read", "write"]}).json["secret"]
    token = Program(app, secret)
    for path in ("/conversations", "/me/blocks"):
        assert token.get(path).json["code"] == "insufficient_scope"
    assert token.post("/conversations", {"to": ["bob"], "body": "x"}).json["code"] == "insufficient_scope"
    assert token.get("/admin/reports").json["code"] == "insufficient_scope"


def test_a_guest_answers_and_begins_nothing(app, hers, visitor):
    visitor.page("/messages")
    handle = visitor.client.get("/api/v1/me").json["username"]
    talk = begun(hers, handle)
    member = next(person for person in talk["people"] if person["is_guest"])
    assert (member["username"], member["display_name"]) == (handle, f"Guest {handle}")
    headers = {"X-CSRFToken": visitor.page("/messages").partition('name="csrf-token" content="')[2].partition('"')[0]}
    path = f"/api/v1/conversations/{talk['id']}/messages"
    assert visitor.client.post(path, json={"body": "Here I am."}, headers=headers).status_code == 201
    begins = visitor.client.post("/api/v1/conversations", json={"to": ["ann"], "body": "x"}, headers=headers)
    assert begins.status_code == 401
