"""Every form that sets a state and takes it back: its button has a value, and any other value is refused."""

import re

import pytest

from tests.api.programs import program_of
from tests.api.test_parity import COUNTERPARTS


def _is_toggle(routes: list[str]) -> bool:
    """Whether the counterparts in the API are a PUT and a DELETE of one address."""
    methods, addresses = zip(*(route.split(" ") for route in routes), strict=True)
    return methods == ("PUT", "DELETE") and len(set(addresses)) == 1


TOGGLES = [form for form, routes in COUNTERPARTS.items() if _is_toggle(routes)]


@pytest.fixture
def ids(ann, bob, dan) -> dict[str, int | str]:
    """The parameters of the toggles, all of which Dan may use; an accepted answer is the answer to his question."""
    question, program = ann.ask(tags="yard"), program_of(dan)
    conversation = program.post("/conversations", {"to": ["ann"], "body": "Shall we meet?"}).json["id"]
    return {
        "post_id": question,
        "answer_id": bob.answer(dan.ask("How does one carry a yard?")),
        "comment_id": bob.comment(question),
        "conversation_id": conversation,
        "message_id": program.read(f"/conversations/{conversation}/messages")["items"][0]["id"],
        "todo_id": program.post("/todos", {"title": "Call the roofer"}).json["id"],
        "username": "ann",
        "name": "yard",
        "slug": "qa",
    }


def _path(form: str, ids: dict[str, int | str]) -> str:
    form = form.replace("<int:post_id>/accept", "<int:answer_id>/accept")
    return re.sub(r"<(?:int:)?(\w+)>", lambda match: str(ids[match[1]]), form)


def test_the_table_has_all_toggles():
    assert {form.rpartition("/")[2] for form in TOGGLES} >= {"accept", "pin", "lock", "mute", "follow", "todo", "votes"}


@pytest.mark.parametrize("form", TOGGLES)
def test_a_toggle_takes_the_values_of_its_button_only(dan, ids, form):
    path = _path(form, ids)
    for fields in ({"value": "banana"}, {"value": ""}, {"value": "2"}, {"value": "01"}, {}):
        for send in (dan.post, dan.htmx):
            assert send(path, **fields).status_code == 422, f"{path} {fields}"
    refused = dan.post(path, value="banana").text
    assert "Please go back and use the buttons on the page." in refused
    for value in ("1", "1", "0", "0"):
        assert dan.post(path, value=value).status_code in (204, 302, 303), f"{path} {value}"
