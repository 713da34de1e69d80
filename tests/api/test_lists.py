"""What all lists of the API have in common."""

import re

from flask import Flask
from itsdangerous import URLSafeSerializer

from tests.groups.groups import make_group

from .programs import V1, program_of

PLACES = {"post_id": "{post}", "username": "ann", "name": "yard", "slug": "qa", "conversation_id": "{conversation}"}
QUERIES = {"/search": "q=yard", "/me/following": "kind=tag", "/search/similar": "title=yard"}
# No list has a key of these parts.
WRONG_KEYS = ([], [{}], ["@yard"], [True, None], [1, 2, 3, 4, 5])


def _lists(app: Flask, **ids: int) -> list[str]:
    """The paths of all lists, each with the parameters that it needs."""
    rules = [rule.rule.removeprefix(V1) for rule in app.url_map.iter_rules() if _is_list(app, rule.endpoint)]
    paths = [re.sub(r"<(?:int:)?(\w+)>", lambda match: PLACES[match[1]].format(**ids), rule) for rule in rules]
    return [f"{path}?{QUERIES.get(path, 'limit=1')}" for path in paths]


def _is_list(app: Flask, endpoint: str) -> bool:
    return "cursor" in getattr(app.view_functions[endpoint], "query_names", ())


def test_a_cursor_of_another_shape_is_refused_by_every_list(app, ann, root, monkeypatch):
    """As it may be after a release that sorts a list by other columns."""
    post = ann.ask(tags="yard")
    make_group(root, PLACES["slug"])
    program = program_of(root)
    sent = program.post("/conversations", {"to": ["ann"], "title": "", "body": "Hello."}).json
    signer = URLSafeSerializer(app.secret_key, salt="cursor")
    monkeypatch.setattr("madang.core.rest.pagination._list_id", lambda criteria: "this list")
    paths = _lists(app, post=post, conversation=sent["id"])
    assert len(paths) > 30
    for path in paths:
        assert program.get(path).status_code == 200, path
        for key in WRONG_KEYS:
            refused = program.get(f"{path}&cursor={signer.dumps(['this list', *key])}")
            assert (refused.status_code, list(refused.json.get("errors", ()))) == (422, ["cursor"]), f"{path} {key}"
