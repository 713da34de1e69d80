"""Polls in the JSON API."""

from datetime import timedelta

import pytest

from madang.core.clock import now
from tests.api.programs import Program, program_of
from tests.people import Person
from tests.polls.polls import write_poll

NEW = {"question": "Where shall we meet?", "choices": ["The yard", "The garden"]}


def talk(person: Person) -> int:
    return person.ask("Our next meeting", body="Please vote.", board="talk")


def test_a_poll_is_written_read_voted_in_and_deleted(ann: Person, bob: Person):
    post, mine, other = talk(ann), program_of(ann), program_of(bob)
    end = (now() + timedelta(days=1)).isoformat()
    poll = mine.put(f"/posts/{post}/poll", {**NEW, "is_multiple": True, "closes_at": end}).json
    assert [choice["text"] for choice in poll["choices"]] == NEW["choices"]
    assert (poll["post_id"], poll["is_multiple"], poll["results"], poll["is_ended"]) == (post, True, "always", False)
    ids = [choice["id"] for choice in poll["choices"]]
    voted = other.put(f"/posts/{post}/poll/vote", {"choice_ids": ids}).json
    assert voted["voter_count"] == 1
    assert [(choice["vote_count"], choice["is_mine"]) for choice in voted["choices"]] == [(1, True), (1, True)]
    assert other.delete(f"/posts/{post}/poll/vote").status_code == 204
    read = Program(ann.app).read(f"/posts/{post}/poll")
    assert (read["voter_count"], read["choices"][0]["vote_count"]) == (0, 0)
    assert mine.delete(f"/posts/{post}/poll").status_code == 204
    assert mine.get(f"/posts/{post}/poll").status_code == 404


def test_hidden_results_are_null(ann: Person, bob: Person):
    post = talk(ann)
    poll = program_of(ann).put(f"/posts/{post}/poll", {**NEW, "results": "after_voting"}).json
    assert [choice["vote_count"] for choice in poll["choices"]] == [None, None]
    voted = program_of(bob).put(f"/posts/{post}/poll/vote", {"choice_ids": [poll["choices"][0]["id"]]}).json
    assert [choice["vote_count"] for choice in voted["choices"]] == [1, 0]
    assert [choice["vote_count"] for choice in Program(ann.app).read(f"/posts/{post}/poll")["choices"]] == [None, None]


def test_a_poll_ends(ann: Person, bob: Person):
    post = write_poll(ann)
    assert program_of(bob).put(f"/posts/{post}/poll/end").status_code == 403
    ended = program_of(ann).put(f"/posts/{post}/poll/end").json
    assert ended["is_ended"] and ended["closes_at"]
    choice = ended["choices"][0]["id"]
    refused = program_of(bob).put(f"/posts/{post}/poll/vote", {"choice_ids": [choice]})
    assert (refused.status_code, refused.json["detail"]) == (403, "This poll has ended.")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**NEW, "choices": ["Only one"]}, "choices"),
        ({**NEW, "choices": ["Yard", " yard "]}, "choices"),
        ({**NEW, "question": " "}, "question"),
        ({**NEW, "results": "never"}, "results"),
        ({**NEW, "closes_at": "2020-01-01T00:00:00Z"}, "closes_at"),
        ({**NEW, "closes_at": "soon"}, "closes_at"),
        ({"choices": ["Yes", "No"]}, "question"),
    ],
)
def test_an_invalid_poll_is_refused(ann: Person, body: dict[str, object], field: str):
    post = talk(ann)
    refused = program_of(ann).put(f"/posts/{post}/poll", body)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
    assert program_of(ann).get(f"/posts/{post}/poll").status_code == 404


@pytest.mark.parametrize("choice_ids", [[], [0], ["1"], [10**30], [1, 1, 999_999]])
def test_an_invalid_vote_is_refused(ann: Person, choice_ids: list[object]):
    post = write_poll(ann)
    refused = program_of(ann).put(f"/posts/{post}/poll/vote", {"choice_ids": choice_ids})
    assert (refused.status_code, {name.partition(".")[0] for name in refused.json["errors"]}) == (422, {"choice_ids"})


def test_a_question_takes_no_poll(ann: Person):
    refused = program_of(ann).put(f"/posts/{ann.ask()}/poll", NEW)
    assert (refused.status_code, refused.json["detail"]) == (403, "Only posts of a talk board can have a poll.")


def test_others_do_not_change_a_poll(ann: Person, eve: Person):
    post = write_poll(ann)
    program = program_of(eve)
    assert program.put(f"/posts/{post}/poll", NEW).status_code == 403
    assert program.delete(f"/posts/{post}/poll").status_code == 403


def test_a_changed_poll_is_not_overwritten(ann: Person):
    post, program = write_poll(ann), program_of(ann)
    tag = program.get(f"/posts/{post}/poll").headers["ETag"]
    assert program.put(f"/posts/{post}/poll", NEW, headers={"If-Match": tag}).status_code == 200
    assert program.put(f"/posts/{post}/poll", NEW, headers={"If-Match": tag}).status_code == 412
    assert program.delete(f"/posts/{post}/poll", headers={"If-Match": tag}).status_code == 412


def test_a_vote_does_not_prevent_a_change_but_an_absent_poll_matches_nothing(ann: Person, bob: Person):
    post, program = talk(ann), program_of(ann)
    assert program.put(f"/posts/{post}/poll", NEW, headers={"If-Match": "*"}).status_code == 412
    poll = program.put(f"/posts/{post}/poll", NEW)
    program_of(bob).put(f"/posts/{post}/poll/vote", {"choice_ids": [poll.json["choices"][0]["id"]]})
    tag = poll.headers["ETag"]
    ended = program.put(f"/posts/{post}/poll/end", headers={"If-Match": tag})
    assert (ended.status_code, ended.json["version"]) == (200, 2)
