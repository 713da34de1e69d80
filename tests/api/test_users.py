"""API of people: lists in every order, profiles, their content."""

import pytest

from tests.accounts.legacy import set_username

from .programs import Program

pytestmark = pytest.mark.each_database


def pages(program: Program, path: str, field: str, size: int = 2) -> list:
    """One field of every row of a list, fetched in pages of `size`."""
    values, cursor = [], ""
    while cursor is not None:
        page = program.read(f"{path}{'&' if '?' in path else '?'}limit={size}{cursor and f'&cursor={cursor}'}")
        values += [item[field] for item in page["items"]]
        cursor = page["next_cursor"]
    return values


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("reputation", ["bob", "eve", "cho", "ann"]),
        ("newest", ["eve", "cho", "bob", "ann"]),
        ("name", ["ann", "bob", "cho", "eve"]),
    ],
)
def test_people_are_sorted_in_every_order(app, ann, bob, cho, eve, sort, names):
    answer = bob.answer(ann.ask())
    eve.post(f"/posts/{answer}/votes", value="1")
    assert pages(Program(app), f"/users?sort={sort}", "username", 1) == names
    assert pages(Program(app), f"/users?sort={sort}", "username", 3) == names


def test_people_are_found_by_a_part_of_their_name(app, ann, bob):
    assert pages(Program(app), "/users?q=AN", "username") == ["ann"]
    assert pages(Program(app), "/users?q=nobody", "username") == []
    assert Program(app).get("/users?sort=age").json["errors"].keys() == {"sort"}


def test_a_profile_is_read_by_username_and_by_id(app, ann):
    ann.post("/settings", display_name="Ann", bio="I **like** yards.", website="example.org", location="Seoul")
    profile = Program(app).read("/users/ANN")
    assert (profile["username"], profile["location"], profile["website"]) == ("ann", "Seoul", "https://example.org")
    assert "<strong>like</strong>" in profile["bio_html"]
    assert profile["avatar_url"] is None
    assert "email" not in profile
    assert Program(app).read(f"/users/{ann.id}") == profile
    for name in ("nobody", "0", "9" * 18, "9" * 30):
        assert Program(app).get(f"/users/{name}").status_code == 404


def test_a_numeric_username_from_before_takes_precedence_over_an_id(app, ann, bob, people):
    numeric = bob
    set_username(numeric, f"{ann.id}00")
    assert Program(app).read(f"/users/{numeric.username}")["id"] == numeric.id


def test_content_is_listed_by_kind(app, ann, bob, dan):
    questions = [ann.ask(f"Question number {number}?") for number in range(5)]
    answers = [bob.answer(question, f"Answer to {question}.") for question in questions]
    comments = [bob.comment(answer, f"Remark on {answer}.") for answer in answers]
    reader = Program(app)
    assert pages(reader, "/users/ann/questions", "id") == questions[::-1]
    assert pages(reader, "/users/bob/answers", "id") == answers[::-1]
    assert pages(reader, "/users/bob/comments", "id") == comments[::-1]
    assert reader.read("/users/bob/comments?limit=1")["items"][0]["title"] == "Question number 4?"
    assert pages(reader, "/users/bob/questions", "id") == []
    dan.post(f"/posts/{questions[0]}/delete")
    assert pages(reader, "/users/bob/answers", "id") == answers[:0:-1]
    assert pages(reader, "/users/bob/comments", "id") == comments[:0:-1]
    assert reader.get("/users/nobody/answers").status_code == 404


def test_received_votes_are_summed_by_kind(app, ann, bob):
    question = ann.ask()
    bob.post(f"/posts/{question}/votes", value="1")
    votes = {line["kind"]: (line["up"], line["down"]) for line in Program(app).read("/users/ann/votes")["items"]}
    assert votes == {"question": (1, 0), "comment": (0, 0)}
