"""Profiles, the list of people, hover cards, and completion of names."""

import pytest

from tests.people import PASSWORD

pytestmark = pytest.mark.each_database

CACHEABLE = "X-Madang-Cacheable"


def test_a_profile_lists_what_a_person_wrote(ann, bob, visitor):
    question = ann.ask("How do I move a yard?")
    answer = bob.answer(question, "Lift it gently, all of you at once.")
    bob.comment(question, "Which yard do you mean?")
    bob.ask("Shall we talk about yards?", board="talk")
    ann.post(f"/posts/{answer}/votes", value="1")
    ann.post(f"/posts/{answer}/accept", value="1")
    assert "How do I move a yard?" in visitor.page("/users/ann")
    answers = visitor.page("/users/bob?tab=answers")
    assert f'href="/posts/{answer}"' in answers and "Lift it gently" in answers and "Accepted" in answers
    assert "Which yard do you mean?" in visitor.page("/users/bob?tab=comments")
    assert "Shall we talk about yards?" in visitor.page("/users/bob?tab=posts")
    page = visitor.page("/users/bob?tab=votes")
    assert "<b>25</b> reputation" in page
    row = page.partition('<th scope="row">Answers</th>')[2].partition("</tr>")[0]
    assert ">1</td>" in row and ">0</td>" in row


def test_deleted_content_is_not_listed(ann, bob, dan, visitor):
    question = ann.ask()
    bob.answer(question, "Lift it gently and walk slowly.")
    bob.comment(question, "Which yard do you mean?")
    dan.post(f"/posts/{question}/delete")
    assert "Lift it gently" not in visitor.page("/users/bob?tab=answers")
    assert "Which yard" not in visitor.page("/users/bob?tab=comments")
    assert "How do I move" not in visitor.page("/users/ann")


def test_long_lists_are_paginated(app, ann, visitor):
    app.config["POSTS_PER_PAGE"] = 1
    ann.ask("The first of two questions")
    ann.ask("The second of two questions")
    assert "The second of two" in visitor.page("/users/ann")
    page = visitor.page("/users/ann?page=2")
    assert "The first of two" in page and "The second of two" not in page


@pytest.mark.parametrize(
    "query", ["?page=-1", "?page=99999999999999999999", "?tab=nonsense", "?page=%00", "?tab=votes&page=x"]
)
def test_an_invalid_query_shows_the_first_page(ann, visitor, query):
    visitor.page(f"/users/ann{query}")


@pytest.mark.parametrize("name", ["nobodyhere", "аnn", "a" * 300, "%F0%9F", "%231"])
def test_an_unknown_name_is_not_found(ann, visitor, name):
    visitor.page(f"/users/{name}", 404)
    visitor.page(f"/users/{name}/card", 404)


def test_a_name_is_found_in_any_case(ann, visitor):
    assert "@ann" in visitor.page("/users/ANN")


def test_only_the_owner_sees_the_edit_link(ann, bob):
    assert "Edit profile" in ann.page("/users/ann")
    assert "Edit profile" not in bob.page("/users/ann")


def test_only_visitors_pages_are_cacheable(ann, visitor):
    for path in ("/users", "/users/ann", "/users/ann/card"):
        assert CACHEABLE in visitor.get(path).headers
        assert CACHEABLE not in ann.get(path).headers


def test_people_are_listed_searched_and_sorted(ann, bob, cho, visitor):
    cho.post("/settings", display_name="조아라", bio="", website="", location="")
    page = visitor.page("/users")
    assert all(name in page for name in ("@ann", "@bob", "@cho"))
    results = visitor.page("/users?q=아라")
    assert "@cho" in results and "@ann" not in results
    assert "@bob" in visitor.page("/users?q=BO")
    by_name = visitor.page("/users?sort=name")
    assert by_name.index("@ann") < by_name.index("@bob") < by_name.index("@cho")
    newest = visitor.page("/users?sort=newest")
    assert newest.index("@cho") < newest.index("@bob") < newest.index("@ann")


def test_search_ignores_case_in_every_alphabet(ann, bob, cho, visitor):
    bob.post("/settings", display_name="ÉCLAIR Иван", bio="", website="", location="")
    for query in ("éclair", "ÉCLAIR", "иван", "ИВАН"):
        results = visitor.page(f"/users?q={query}")
        assert "@bob" in results and "@ann" not in results
    assert [person["username"] for person in ann.get("/users/complete?q=éC").json] == ["bob"]


def test_a_deleted_account_is_not_found_by_its_name(ann, bob, visitor):
    assert "@ann" in visitor.page("/users?q=ann")
    ann.post("/settings/leave/delete", current_password=PASSWORD)
    assert "No one has a name like that" in visitor.page("/users?q=ann")


@pytest.mark.parametrize("query", ["%25", "_", "%5C", "%22%27--", "%F0%9F%98%80", "%ED%A0%80", "x" * 500])
def test_special_characters_in_a_search_are_literal(ann, visitor, query):
    assert "No one has a name like that" in visitor.page(f"/users?q={query}")


def test_a_card_shows_name_and_biography(ann, visitor):
    ann.post("/settings", display_name="Ann C.", bio="I **mend** radios.", website="", location="")
    card = visitor.page("/users/ann/card")
    assert "Ann C." in card and "@ann" in card and "I mend radios." in card and "reputation" in card
    assert "<html" not in card


def test_names_are_completed_for_members(ann, bob, cho, visitor):
    cho.post("/settings", display_name="Aram", bio="", website="", location="")
    results = ann.get("/users/complete?q=A").json
    assert {"username": "ann", "display_name": "ann", "badge": ""} in results
    assert {"username": "cho", "display_name": "Aram", "badge": ""} in results
    assert all(person["username"] != "bob" for person in results)
    assert ann.get("/users/complete?q=").json == []
    assert ann.get("/users/complete?q=%25").json == []
    refused = visitor.get("/users/complete?q=a")
    assert refused.status_code == 401
    assert 'class="btn primary" href="/auth/login?next=/users/complete%3Fq%3Da"' in refused.text


def test_completed_staff_have_a_badge(ann, dan, ruth):
    badges = [ann.get(f"/users/complete?q={name}").json[0]["badge"] for name in ("dan", "ruth", "ann")]
    assert badges == ["Moderator", "Administrator", ""]


def test_complete_is_a_reserved_username(visitor):
    fields = {"username": "Complete", "email": "c@example.org", "password": PASSWORD, "password2": PASSWORD}
    assert visitor.post("/auth/signup", **fields).status_code == 422


def test_a_drawn_picture_shows_one_whole_character(ann, visitor):
    ann.post("/settings", display_name="👨‍👩‍👧 family", bio="", website="", location="")
    assert ">👨‍👩‍👧</span>" in visitor.page("/users/ann")
