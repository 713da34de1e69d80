"""Boards and tags in the JSON API."""

import pytest

from .programs import Program, program_of

pytestmark = pytest.mark.each_database


def test_boards_are_listed_and_read(app, ann, bob):
    question = ann.ask()
    ann.ask("Another question?")
    bob.answer(question)
    boards = Program(app).read("/boards")
    assert boards["next_cursor"] is None
    assert [board["slug"] for board in boards["items"]] == ["notice", "qa", "talk"]
    board = Program(app).read("/boards/qa")
    assert board == boards["items"][1]
    assert (board["kind"], board["post_count"], board["unanswered_count"]) == ("qa", 2, 1)
    for slug in ("nowhere", "QA", "%00"):
        assert Program(app).get(f"/boards/{slug}").status_code == 404


def _ask_tagged_questions(ann) -> None:
    for number, tags in enumerate(("yard garden c++", "yard garden", "yard tree")):
        ann.ask(f"Question number {number}?", tags=tags)


def test_tags_are_paginated_by_cursor(app, ann):
    _ask_tagged_questions(ann)
    reader = Program(app)
    listed = reader.walk("/tags")
    assert [(tag["name"], tag["post_count"]) for tag in listed][:2] == [("yard", 3), ("garden", 2)]
    assert sorted(tag["name"] for tag in listed[2:]) == ["c++", "tree"]
    assert [tag["name"] for tag in reader.walk("/tags?q=ar")] == ["yard", "garden"]
    assert [tag["name"] for tag in reader.walk("/tags?q=C%2B%2B")] == ["c++"]
    assert reader.walk("/tags?q=%25") == []


def test_a_tag_is_read_by_name(app, ann):
    _ask_tagged_questions(ann)
    assert Program(app).read("/tags/c++")["name"] == Program(app).read("/tags/C++")["name"] == "c++"
    for name in ("nowhere", "%00", "a" * 200):
        assert Program(app).get(f"/tags/{name}").status_code == 404


def test_moderators_describe_a_tag(app, ann, dan, visitor):
    _ask_tagged_questions(ann)
    staff = program_of(dan)
    response = staff.patch("/tags/yard", {"excerpt": "A place.", "description": "Where **people** meet."})
    assert response.status_code == 200
    assert response.json == Program(app).read("/tags/yard")
    assert "<strong>people</strong>" in response.json["description_html"]
    assert "<strong>people</strong>" in visitor.page("/tags/yard")
    assert staff.patch("/tags/yard", {"excerpt": "Another."}).json["description"] == "Where **people** meet."


def test_the_same_description_again_writes_nothing(ann, dan):
    ann.ask(tags="yard")
    staff = program_of(dan)
    for _twice in range(2):
        assert staff.patch("/tags/yard", {"excerpt": "Places in front of houses."}).status_code == 200
    assert [entry["verb"] for entry in staff.read("/admin/log")["items"]] == ["describe_tag"]


def test_invalid_descriptions_are_refused(ann, dan):
    _ask_tagged_questions(ann)
    refused = program_of(dan).patch("/tags/yard", {"excerpt": "x" * 301, "description": "x" * 5_001})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"excerpt", "description"})
    assert program_of(ann).patch("/tags/yard", {"excerpt": "Mine"}).status_code == 403
    assert program_of(dan).patch("/tags/nowhere", {"excerpt": "Mine"}).status_code == 404


def test_an_edit_of_an_outdated_description_is_refused(ann, dan):
    _ask_tagged_questions(ann)
    staff = program_of(dan)
    tag = staff.get("/tags/yard").headers["ETag"]
    assert staff.patch("/tags/yard", {"excerpt": "A place."}, headers={"If-Match": tag}).status_code == 200
    assert staff.patch("/tags/yard", {"excerpt": "Mine"}, headers={"If-Match": tag}).status_code == 412
