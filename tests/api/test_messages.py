"""JSON API of conversations, blocks and reports."""

import pytest

from .programs import Program, program_of
from .test_users import pages

pytestmark = pytest.mark.each_database


@pytest.fixture
def ann_client(ann) -> Program:
    return program_of(ann)


@pytest.fixture
def bob_client(bob) -> Program:
    return program_of(bob)


def start(program: Program, *to: str, body: str = "Shall we meet at the well?", **words) -> dict:
    response = program.post("/conversations", {"to": list(to), "body": body, **words})
    assert response.status_code == 201, response.text
    assert response.headers["Location"] == f"/api/v1/conversations/{response.json['id']}"
    return response.json


def test_writing_answering_and_reading_a_message(ann, ann_client, bob_client):
    conversation = start(ann_client, "bob", body="Shall we **meet**?")
    path = f"/conversations/{conversation['id']}"
    assert (conversation["name"], conversation["can_post"], conversation["closed"]) == ("bob", True, None)
    assert bob_client.read("/me")["unread_message_count"] == 1
    message = bob_client.read(f"{path}/messages")["items"][0]
    assert (message["author"]["username"], message["is_mine"], message["body"]) == ("ann", False, "Shall we **meet**?")
    assert "<strong>meet</strong>" in message["body_html"]
    assert bob_client.read("/conversations")["items"][0]["unread_count"] == 1, "listing does not mark as read"
    assert bob_client.put(f"{path}/read").status_code == 204
    assert bob_client.read("/me")["unread_message_count"] == 0
    assert ann_client.read(f"{path}/messages/{message['id']}")["read_by"] == "Read"
    response = bob_client.post(f"{path}/messages", {"body": "At noon."})
    assert (response.status_code, response.json["is_mine"]) == (201, True)
    assert bob_client.read(response.headers["Location"]) == response.json
    assert "At noon." in ann.page(f"/messages/{conversation['id']}")


def test_invalid_fields_are_named(ann_client, bob):
    response = ann_client.post("/conversations", {"to": ["nobody"], "title": "x" * 121, "body": " "})
    assert response.json["errors"].keys() == {"to", "title", "body"}
    assert ann_client.post("/conversations", {"to": "bob"}).json["errors"].keys() == {"to", "body"}
    conversation = start(ann_client, "bob")
    assert ann_client.post(f"/conversations/{conversation['id']}/messages", {"body": ""}).json["errors"].keys() == {
        "body"
    }


def test_only_members_find_a_conversation(ann_client, bob, eve):
    conversation, eve_client = start(ann_client, "bob"), program_of(eve)
    path = f"/conversations/{conversation['id']}"
    message = ann_client.read(f"{path}/messages")["items"][0]["id"]
    for address in (path, f"{path}/messages", f"{path}/messages/{message}"):
        assert eve_client.get(address).status_code == 404
    assert eve_client.post(f"{path}/messages", {"body": "Hello?"}).status_code == 404
    for address in ("read", "mute", f"messages/{message}/save"):
        assert eve_client.put(f"{path}/{address}").status_code == 404
    assert eve_client.put(f"{path}/messages/{message}/report", {"reason": "x"}).status_code == 404
    assert eve_client.delete(path).status_code == 404
    other = start(eve_client, "ann")["id"]
    assert ann_client.get(f"/conversations/{other}/messages/{message}").status_code == 404


def test_messages_are_paged_in_both_orders(ann_client, bob):
    path = f"/conversations/{start(ann_client, 'bob')['id']}/messages"
    for number in range(4):
        ann_client.post(path, {"body": f"Letter number {number}."})
    newest = pages(ann_client, path, "id", 2)
    assert len(newest) == 5
    assert newest == sorted(newest, reverse=True)
    assert pages(ann_client, f"{path}?sort=oldest", "id", 2) == newest[::-1]
    assert pages(ann_client, f"{path}?sort=oldest&after={newest[2]}", "id", 1) == [newest[1], newest[0]]


def test_the_inbox_is_paged_latest_first(people, ann_client):
    conversation_ids = [start(program_of(people[f"person{number}"]), "ann")["id"] for number in range(5)]
    assert pages(ann_client, "/conversations", "id", 2) == conversation_ids[::-1]
    assert ann_client.post("/conversations/read").status_code == 204
    assert {line["unread_count"] for line in ann_client.read("/conversations")["items"]} == {0}


def test_muting_and_leaving_a_conversation(ann_client, bob_client, cho):
    path = f"/conversations/{start(ann_client, 'bob', 'cho', title='The well')['id']}"
    assert bob_client.put(f"{path}/mute").status_code == 204
    assert (bob_client.read(path)["is_muted"], bob_client.read("/me")["unread_message_count"]) == (True, 0)
    assert bob_client.delete(f"{path}/mute").status_code == 204
    assert bob_client.read("/me")["unread_message_count"] == 1
    assert bob_client.delete(path).status_code == 204
    assert bob_client.get(path).status_code == 404
    people = {person["username"]: person["has_left"] for person in ann_client.read(path)["people"]}
    assert people == {"ann": False, "bob": True, "cho": False}


def test_blocking_and_unblocking_a_person(ann_client, bob_client, ann, dan):
    start(ann_client, "bob")
    assert bob_client.put("/users/ann/block").status_code == 204
    assert bob_client.put("/users/ann/block").status_code == 204
    assert [line["person"]["username"] for line in bob_client.read("/me/blocks")["items"]] == ["ann"]
    refused = ann_client.post("/conversations", {"to": ["bob"], "body": "Hello?"})
    assert refused.json["errors"].keys() == {"to"}
    assert bob_client.delete("/users/ann/block").status_code == 204
    assert bob_client.read("/me/blocks")["items"] == []
    start(ann_client, "bob")
    assert bob_client.put("/users/bob/block").status_code == 403
    assert bob_client.put("/users/dan/block").status_code == 403
    assert bob_client.put("/users/nobody/block").status_code == 404


def test_only_moderators_see_reports(ann_client, bob_client, dan, eve, ruth):
    conversation = start(ann_client, "bob", body="Buy a yard!")
    path = f"/conversations/{conversation['id']}/messages"
    message = bob_client.read(path)["items"][0]["id"]
    assert bob_client.put(f"{path}/{message}/report", {"reason": ""}).json["errors"].keys() == {"reason"}
    assert ann_client.put(f"{path}/{message}/report", {"reason": "mine"}).status_code == 403
    for _ in range(2):
        assert bob_client.put(f"{path}/{message}/report", {"reason": "An advertisement."}).status_code == 204
    second_id = ann_client.post(path, {"body": "Buy two!"}).json["id"]
    bob_client.put(f"{path}/{second_id}/report", {"reason": "Again."})
    moderator = program_of(dan)
    assert pages(moderator, "/admin/reports", "reason", 1) == ["Again.", "An advertisement."]
    report = moderator.read("/admin/reports")["items"][1]
    assert (report["author"]["username"], report["reporter"]["username"]) == ("ann", "bob")
    assert "Buy a yard!" in report["body_html"]
    assert program_of(eve).get("/admin/reports").status_code == 404


def test_a_message_is_saved_for_later(ann_client, bob_client):
    path = f"/conversations/{start(ann_client, 'bob')['id']}/messages"
    message = bob_client.read(path)["items"][0]["id"]
    saved = bob_client.put(f"{path}/{message}/save")
    assert (saved.status_code, saved.json["title"]) == (200, "Shall we meet at the well?")
    assert bob_client.read(f"{path}/{message}")["is_saved"]
    assert bob_client.delete(f"{path}/{message}/save").status_code == 204
    assert not bob_client.read(f"{path}/{message}")["is_saved"]


def test_messages_need_their_own_scope(app, ann, ann_client):
    secret = ann_client.post("/me/tokens", {"name": "x", "scopes": ["read", "write"]}).json["secret"]
    token = Program(app, secret)
    for path in ("/conversations", "/me/blocks"):
        assert token.get(path).json["code"] == "insufficient_scope"
    assert token.post("/conversations", {"to": ["bob"], "body": "x"}).json["code"] == "insufficient_scope"
    assert token.get("/admin/reports").json["code"] == "insufficient_scope"


def test_guests_can_answer_but_not_start_conversations(app, ann_client, visitor):
    visitor.page("/messages")
    handle = visitor.client.get("/api/v1/me").json["username"]
    conversation = start(ann_client, handle)
    member = next(person for person in conversation["people"] if person["is_guest"])
    assert (member["username"], member["display_name"]) == (handle, f"Guest {handle}")
    headers = {"X-CSRFToken": visitor.page("/messages").partition('name="csrf-token" content="')[2].partition('"')[0]}
    path = f"/api/v1/conversations/{conversation['id']}/messages"
    assert visitor.client.post(path, json={"body": "Here I am."}, headers=headers).status_code == 201
    refused = visitor.client.post("/api/v1/conversations", json={"to": ["ann"], "body": "x"}, headers=headers)
    assert refused.status_code == 401
