"""Write a poll, vote in it, and read what a page shows of it."""

import re

from werkzeug.test import TestResponse

from madang.admin.operations.counters import differences
from tests.people import Person

QUESTION = "Where shall we meet?"
CHOICES = ("The yard", "The garden", "The gate")


def send_poll(person: Person, title: str = "Our next meeting", **fields: object) -> TestResponse:
    """Send the form of a post with a poll."""
    poll = {"poll_question": QUESTION, "poll_choices": "\n".join(CHOICES)}
    return person.post("/posts/new", **{"board": "talk", "title": title, "body": "Please vote.", **poll, **fields})


def write_poll(person: Person, title: str = "Our next meeting", **fields: object) -> int:
    """Write a post with a poll. Returns the id of the post."""
    response = send_poll(person, title, **fields)
    assert response.status_code == 302, response.text
    return int(re.search(r"/posts/(\d+)", response.location)[1])


def begun(person: Person, post_id: int) -> str:
    """The hidden field by which the form of an edit says with which poll it began."""
    return re.search(r'name="poll_begun" type="hidden" value="([^"]*)"', person.page(f"/posts/{post_id}/edit"))[1]


def edit_poll(person: Person, post_id: int, *, version: int = 1, body: str = "Please vote.", **fields: object):
    """Open and send the edit of a post with the poll that `write_poll` wrote, and with `fields`."""
    poll = {"poll_question": QUESTION, "poll_choices": "\n".join(CHOICES), "poll_begun": begun(person, post_id)}
    words = {"title": "Our next meeting", "body": body, "version": version}
    return person.post(f"/posts/{post_id}/edit", **{**words, **poll, **fields})


def choice_ids(person: Person, post_id: int) -> dict[str, int]:
    """The ids of the choices of a poll by their text, as its form has them for somebody who can vote."""
    ballot = re.findall(
        r'name="choice" value="(\d+)"(?: checked)?> <span>([^<]*)</span>', person.page(f"/posts/{post_id}")
    )
    return {text: int(number) for number, text in ballot}


def vote(person: Person, post_id: int, *texts: str) -> TestResponse:
    """Vote for choices by their text."""
    ids = choice_ids(person, post_id)
    return person.post(f"/posts/{post_id}/poll/votes", choice=[ids[text] for text in texts])


def results(person: Person, post_id: int) -> dict[str, tuple[str, bool]]:
    """The shown results: share and number of votes, and whether it is the reader's choice, by the choice's text."""
    page = re.search(r'<section class="poll".*?</section>', person.page(f"/posts/{post_id}"), re.DOTALL)
    if page is None:
        return {}
    rows = re.findall(
        r'<tr( class="mine")?>\s*<th scope="row">([^<]*?) ?<.*?<td>(\d+%) <small>(.*?)</small></td>',
        page[0],
        re.DOTALL,
    )
    return {text.strip(): (f"{share}, {votes}", bool(mine)) for mine, text, share, votes in rows}


def wrong_counters(person: Person) -> list[str]:
    with person.app.app_context():
        return [str(each) for each in differences()]
