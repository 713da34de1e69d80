"""Simultaneous votes are all counted, once for each person."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.people import People, Person

from .polls import choice_ids, results, write_poll, wrong_counters

pytestmark = pytest.mark.each_database

ROUNDS = 5


@pytest.mark.parametrize("kind", ["", "multiple"])
def test_two_votes_of_one_person_and_those_of_others_at_once_are_counted_once(people: People, ann: Person, kind: str):
    post = write_poll(ann, poll_kind=kind)
    ids = list(choice_ids(ann, post).values())
    path = f"/posts/{post}/poll/votes"
    voters = [people[name] for name in ("ann", "bob", "cho", "dan")]
    senders = [(person, turn) for person in voters for turn in range(2)]
    for person in voters:
        assert person.token

    def send(sender: tuple[Person, int]) -> list[int]:
        """Change the vote a few times; the last is for the first choice."""
        person, turn = sender
        client = person.app.test_client()
        name = person.app.config["SESSION_COOKIE_NAME"]
        client.set_cookie(name, person.client.get_cookie(name).value)
        statuses = []
        for number in range(ROUNDS):
            chosen = ids[(turn + number) % 3] if number < ROUNDS - 1 else ids[0]
            data = {"csrf_token": person.token, "choice": chosen}
            statuses.append(client.post(path, data=data).status_code)
            if number == 1:
                statuses.append(client.post(f"{path}/delete", data=data).status_code)
        return statuses

    with ThreadPoolExecutor(len(senders)) as pool:
        statuses = [status for each in pool.map(send, senders) for status in each]
    assert set(statuses) == {302}
    assert results(ann, post)["The yard"] == ("100 %, 4 votes", True)
    assert wrong_counters(ann) == []
