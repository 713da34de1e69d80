"""Which refused actions count against their rate limit: one table for pages and for programs."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import madang
from madang.core.web import rate_limits
from madang.core.web.request_limits import FREE_REFUSALS_FACTOR, network_of
from tests.api.programs import program_of
from tests.groups.groups import make_group, make_owner
from tests.messages.test_conversations import write
from tests.people import BODY, Person
from tests.polls.polls import CHOICES, QUESTION, choice_ids, write_poll

TITLE, LONG = "How do I fold a sail?", "x" * 60_000
POLL = {"question": QUESTION, "choices": list(CHOICES)}
TEXT = {"board": "qa", "title": TITLE, "body": BODY, "tags": ""}
EDIT = {"title": TITLE, "body": BODY, "tags": "", "version": 1}
COUNTED_TRIES = {  # limited by `limit_rate`: the try itself is what costs or tells
    "login": "guesses of passwords and codes",
    "signup": "guesses of names and addresses that somebody has",
    "guest": "a guest is made before anything is known of the caller",
    "mail": "a mail to somebody",
    "upload": "the decoding of a picture, refused or not",
    "preview": "the rendering of a text, and nothing else",
}
FORMS = [  # limit, address, refused fields, accepted fields
    ("post", "/posts/new", {**TEXT, "title": " "}, TEXT),
    ("post", "/posts/{mine}/edit", {**EDIT, "body": " "}, EDIT),
    ("post", "/posts/{mine}/edit", {**EDIT, "version": 7}, EDIT),
    ("post", "/posts/{theirs}/answers", {"body": " "}, {"body": BODY}),
    ("post", "/settings", {"display_name": LONG}, {"display_name": "Ann"}),
    ("comment", "/posts/{theirs}/comments", {"body": " "}, {"body": "Which yard do you mean?"}),
    ("comment", "/posts/{theirs}/comments", {"body": "Which?", "parent_id": "99"}, {"body": "Which yard do you mean?"}),
    ("comment", "/comments/{comment}/edit", {"body": LONG}, {"body": "Which yard do you mean?"}),
    ("flag", "/posts/{theirs}/flags", {"reason": "attention"}, {"reason": "spam"}),
    ("flag", "/comments/{comment_of_bob}/flags", {"reason": "boring"}, {"reason": "rude"}),
    ("vote", "/posts/{mine}/votes", {"value": "1"}, "/posts/{theirs}/votes"),
    ("vote", "/comments/{comment}/votes", {"value": "1"}, "/comments/{comment_of_bob}/votes"),
    ("vote", "/posts/{poll}/poll/votes", {"choice": "0"}, {"choice": "{choice}"}),
    ("follow", "/users/ann/follow", {"value": "1"}, "/users/bob/follow"),
    ("group", "/groups/invited/join", {}, "/groups/open/join"),
    ("group", "/groups/open/ask", {}, "/groups/asked/ask"),
    ("group", "/groups/owned/members", {"usernames": "nobody"}, {"usernames": "bob"}),
    ("group", "/groups/owned/invitations", {"usernames": "nobody"}, {"usernames": "bob"}),
    ("draft", "/posts/drafts", {"key": "nowhere", "body": "so"}, {"key": "post", "body": "so"}),
    ("todo", "/todos", {"title": " "}, {"title": "Fold the sail"}),
    ("todo", "/todos/lists", {"name": " "}, {"name": "Boat"}),
    ("message", "/messages/{message}/report", {"reason": " "}, {"reason": "It is an advertisement."}),
    ("message", "/messages/blocks/ann", {}, "/messages/blocks/bob"),
    ("tool", "/tools/word-counter", {"text": " "}, {"text": "Count these words."}),
]
CALLS = [  # limit, method and address, refused body, accepted body
    ("post", "POST /posts", {**TEXT, "tags": [], "title": " "}, {**TEXT, "tags": []}),
    ("post", "PATCH /posts/{mine}", {"body": " "}, {"body": BODY}),
    ("post", "POST /posts/{theirs}/answers", {"body": " "}, {"body": BODY}),
    ("post", "PUT /posts/{talk}/poll", {**POLL, "choices": ["One"]}, POLL),
    ("post", "PATCH /me", {"website": "no address"}, {"website": "https://example.org"}),
    ("comment", "POST /posts/{theirs}/comments", {"body": " "}, {"body": "Which yard do you mean?"}),
    ("comment", "PATCH /comments/{comment}", {"body": " "}, {"body": "Which yard do you mean?"}),
    ("flag", "PUT /posts/{theirs}/flag", {"reason": "attention"}, {"reason": "spam"}),
    ("vote", "PUT /posts/{talk}/vote", {"value": 1}, "PUT /posts/{theirs}/vote"),
    ("vote", "PUT /comments/{comment}/vote", {"value": 1}, "PUT /comments/{comment_of_bob}/vote"),
    ("vote", "PUT /posts/{poll}/poll/vote", {"choice_ids": [0]}, {"choice_ids": "{choice}"}),
    ("follow", "PUT /users/ann/follow", None, "PUT /users/bob/follow"),
    ("group", "PUT /groups/invited/membership", None, "PUT /groups/open/membership"),
    ("group", "PUT /groups/open/request", None, "PUT /groups/asked/request"),
    ("group", "POST /groups/owned/members", {"usernames": ["nobody"]}, {"usernames": ["bob"]}),
    ("group", "POST /groups/owned/invitations", {"usernames": ["nobody"]}, {"usernames": ["bob"]}),
    ("draft", "PUT /drafts/nowhere", {"body": "so"}, "PUT /drafts/post"),
    ("todo", "POST /todos", {"title": " "}, {"title": "Fold the sail"}),
    ("todo", "POST /todo-lists", {"name": " "}, {"name": "Boat"}),
    ("message", "PUT /users/ann/block", None, "PUT /users/bob/block"),
    ("tool", "POST /tools/word-counts", {"text": " "}, {"text": "Count these words."}),
]


@pytest.fixture
def ids(ann, bob, ruth) -> dict[str, str]:
    """The ids of what the tables name: posts and comments of Ann's, and of Bob's. The groups that they name exist."""
    for joining, slug in (("invitation", "invited"), ("open", "open"), ("request", "asked")):
        make_group(ruth, slug, joining=joining, shows_members="y")
    make_owner(ruth, "ann", path=make_group(ruth, "owned"))
    theirs, talk = bob.ask(), ann.ask("The meeting", board="talk")
    poll = write_poll(bob)
    conversation = write(bob, "ann")
    message = re.search(rf"/messages/({conversation}/\d+)/report", ann.page(f"/messages/{conversation}"))
    return {
        "mine": str(ann.ask("How do I tie a bowline?")),
        "talk": str(talk),
        "theirs": str(theirs),
        "comment": str(ann.comment(theirs)),
        "comment_of_bob": str(bob.comment(theirs, "The upper one.")),
        "poll": str(poll),
        "choice": str(next(iter(choice_ids(ann, poll).values()))),
        "message": message[1] if message else "",
    }


def _limit(app, name: str, number: int) -> None:
    app.config[f"{name.upper()}_LIMIT"] = f"{number} per hour"
    rate_limits.connect(None)


def _send(person: Person, path: str, fields: dict[str, object], ids: dict[str, str]) -> int:
    filled = {name: value.format(**ids) if isinstance(value, str) else value for name, value in fields.items()}
    return person.post(path.format(**ids), **filled).status_code


def _assert_only_accepted_count(refuse: Callable[[], int], accept: Callable[[], int]) -> None:
    """Called with a limit of one use: the accepted one is it, however many were refused before."""
    for _time in range(3):
        assert refuse() in (403, 404, 409, 422)
    assert accept() < 400
    assert accept() == 429


@pytest.mark.parametrize(("limit", "path", "refused", "accepted"), FORMS)
def test_a_refused_form_does_not_count(app, ann, ids, limit, path, refused, accepted):
    _limit(app, limit, 1)
    good_path, good_fields = (accepted, refused) if isinstance(accepted, str) else (path, accepted)
    _assert_only_accepted_count(lambda: _send(ann, path, refused, ids), lambda: _send(ann, good_path, good_fields, ids))


@pytest.mark.parametrize(("limit", "call", "refused", "accepted"), CALLS)
def test_a_refused_call_of_a_program_does_not_count(app, ann, ids, limit, call, refused, accepted):
    program = program_of(ann)
    _limit(app, limit, 1)

    def send(named: str, body: object) -> int:
        method, _space, path = named.partition(" ")
        if isinstance(body, dict) and body.get("choice_ids") == "{choice}":
            body = {"choice_ids": [int(ids["choice"])]}
        return program.call(method, path.format(**ids), body).status_code

    good = (accepted, refused) if isinstance(accepted, str) else (call, accepted)
    _assert_only_accepted_count(lambda: send(call, refused), lambda: send(*good))


def test_refusals_count_once_there_were_very_many(app, ann):
    """A refusal may cost as much as a success, and tell something; so not even refusals are without a limit."""
    _limit(app, "post", 2)
    refused = [
        ann.post("/posts/new", **{**TEXT, "title": " "}).status_code for _time in range(FREE_REFUSALS_FACTOR * 2)
    ]
    assert set(refused) == {422}
    more = [ann.post("/posts/new", **{**TEXT, "title": " "}).status_code for _time in range(3)]
    assert more == [422, 422, 429]
    assert ann.post("/posts/new", **TEXT).status_code == 429


def test_each_limit_says_whether_refusals_count():
    """Every limit that the code names is in the tables above, or counts each try for a reason."""
    source = "\n".join(path.read_text("utf-8") for path in Path(madang.__file__).parent.rglob("*.py"))
    assert set(re.findall(r"\blimit_rate\(\"(\w+)\"", source)) == set(COUNTED_TRIES)
    limited = set(re.findall(r"\blimited_rate\(\"(\w+)\"", source))
    assert limited == {row[0] for row in FORMS} == {row[0] for row in CALLS}
    assert not limited & set(COUNTED_TRIES)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:5001", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:5002", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_a_network_is_an_address_without_its_port(address, network):
    """Some proxies append the port of each connection to the client's address."""
    assert network_of(address) == network
