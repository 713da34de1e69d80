"""Every form that sets a state and takes it back: its button has a value, and any other value is refused."""

import re

import pytest

from tests.api.programs import program_of
from tests.api.twins import twins_of_forms


def _is_toggle(routes: tuple[str, ...]) -> bool:
    """Whether the twins in the API are a PUT and a DELETE of one address."""
    methods, addresses = {route.split(" ")[0] for route in routes}, {route.split(" ")[1] for route in routes}
    return methods == {"PUT", "DELETE"} and len(addresses) == 1


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


@pytest.fixture
def toggles(app) -> list[str]:
    return [form for form, routes in twins_of_forms(app).items() if _is_toggle(routes)]


def test_all_toggles_are_found(toggles):
    assert {form.rpartition("/")[2] for form in toggles} >= {"accept", "pin", "lock", "mute", "follow", "todo", "votes"}


def test_a_toggle_takes_the_values_of_its_button_only(dan, ids, toggles):
    for path in [_path(form, ids) for form in toggles]:
        for fields in ({"value": "banana"}, {"value": ""}, {"value": "2"}, {"value": "01"}, {}):
            for send in (dan.post, dan.htmx):
                assert send(path, **fields).status_code == 422, f"{path} {fields}"
        assert "Please go back and use the buttons on the page." in dan.post(path, value="banana").text, path
        for value in ("1", "1", "0", "0"):
            assert dan.post(path, value=value).status_code in (204, 302, 303), f"{path} {value}"
