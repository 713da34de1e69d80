"""Simultaneous votes are all counted, once for each person."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from madang.core.db import db
from madang.polls.models import Poll, PollVote
from madang.polls.operations import voting
from tests.people import People, Person

from .polls import choice_ids, results, vote, write_poll, wrong_counters

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
            chosen = [ids[(turn + number) % 3]] if number < ROUNDS - 1 else [ids[0]]
            if kind == "multiple":
                chosen.append(ids[1 if number == ROUNDS - 1 else (turn + number + 1) % 3])
            data = {"csrf_token": person.token, "choice": chosen}
            statuses.append(client.post(path, data=data).status_code)
            if number == 1:
                statuses.append(client.post(f"{path}/delete", data=data).status_code)
        return statuses

    with ThreadPoolExecutor(len(senders)) as pool:
        statuses = [status for each in pool.map(send, senders) for status in each]
    assert set(statuses) == {302}
    assert results(ann, post)["The yard"] == ("100%, 4 votes", True)
    assert results(ann, post)["The garden"] == (("100%, 4 votes", True) if kind else ("0%, 0 votes", False))
    assert wrong_counters(ann) == []


@pytest.mark.parametrize("choice", ["The gate", "The yard"])
def test_a_vote_during_the_merge_of_its_account_is_counted_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, ann: Person, bob: Person, eve: Person, ruth: Person, choice: str
):
    """The remaining account votes for another choice than the merged one, or for the same."""
    post = write_poll(ann)
    vote(eve, post, "The yard")
    ids, statuses = choice_ids(bob, post), []
    assert ruth.token and bob.token
    has_read, may_write = Event(), Event()
    original = voting._delete_votes

    def wait(*arguments: object) -> None:
        """After the former vote was read; the merge begins before the vote is written."""
        has_read.set()
        may_write.wait(60)
        original(*arguments)

    def vote_for_choice() -> None:
        statuses.append(bob.post(f"/posts/{post}/poll/votes", choice=ids[choice]).status_code)

    def merge() -> None:
        statuses.append(ruth.post(f"/admin/users/{eve.id}/merge", into="bob").status_code)

    monkeypatch.setattr(voting, "_delete_votes", wait)
    threads = [Thread(target=vote_for_choice), Thread(target=merge)]
    threads[0].start()
    assert has_read.wait(60)
    monkeypatch.setattr(voting, "_delete_votes", original)
    threads[1].start()
    threads[1].join(1)  # it waits for the vote, however long
    may_write.set()
    for thread in threads:
        thread.join(60)
    assert statuses == [302, 302]
    with app.app_context():
        votes = select(func.count()).where(PollVote.user_id == bob.id)
        assert (db.session.scalar(votes), db.session.scalar(select(Poll.voter_count))) == (1, 1)
    assert wrong_counters(ann) == []
