"""Nobody can look like somebody else, like staff or like the site; staff have a badge beside their names."""

import re

import pytest

from madang.accounts.models import User
from madang.core.db import transaction
from madang.importing.operations.usernames import choose_usernames
from tests.accounts.mailbox import run_jobs
from tests.accounts.test_sign_up import REGISTRATION
from tests.admin.helpers import user_of
from tests.api.programs import Program, program_of
from tests.people import Person

pytestmark = pytest.mark.each_database

PROFILE = {"bio": "", "website": "", "location": ""}
# Variation selectors, joiners, fillers, tags, marks of one script, soft hyphen, Mongolian and musical characters.
INVISIBLE = (
    *("\ufe0f", "\ufe00", "\U000e0100", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u034f", "\u115f"),
    *("\u1160", "\u3164", "\uffa0", "\u17b4", "\u180b", "\u180e", "\u180f", "\u00ad", "\u2062", "\u061c"),
    *("\U000e0041", "\u2800", "\U0001d173", "\ufff9", "\u206a", "\x90", "\u2d7f"),
)
CLAIMS = (
    *("운영자", "관리자", "운 영 자", "★운영자★", "마당 운영자", "운영자님", "[관리자] 댄", "운ㅤ영자"),
    *(
        "Admin",
        "аdmin",
        "ａｄｍｉｎ",
        "ADM1N",
        "A.d.m.i.n",
        "Ad\u00admin",
        "ádmin",
        "admin2",
        "Site Moderator",
        "@staff",
    ),
    *("dan", "Dan", "d\u200ban", "dаn", "d a n", "dán", "Big Boss", "B1g-Boss", "big\ufe0fboss", "Madang", "Yard"),
    *("@staff", "deleted user", "탈퇴한 회원", "Guest K7M2QX", "손님 K7M2QX"),
)


@pytest.fixture
def boss(dan):
    """Dan, the moderator, under a display name."""
    assert dan.post("/settings", display_name="Big Boss", **PROFILE).status_code == 302
    return dan


def sign_up(person: Person, username: str):
    return person.post("/auth/signup", **REGISTRATION | {"username": username})


@pytest.mark.parametrize("character", INVISIBLE, ids=lambda character: f"{ord(character):04X}")
@pytest.mark.parametrize("pattern", ["ann{}", "a{}nn", "{}ann"])
def test_what_prints_nothing_makes_no_other_username(app, ann, visitor, character, pattern):
    name = pattern.format(character)
    assert sign_up(visitor, name).status_code == 422
    program = Program(app)
    assert program.post("/auth/register", {**REGISTRATION, "username": name}).status_code == 422


@pytest.mark.parametrize("name", ["ᴀɴɴ", "ᴀɴn", "ɴᴀɴᴀ", "ɢᴜꜱ"])
def test_small_capitals_make_no_other_username(app, ann, people, visitor, name):
    people["nana"], people["gus"]
    assert sign_up(visitor, name).status_code == 422
    with app.app_context():
        assert choose_usernames([(name, "4711")])[0] != name


@pytest.mark.parametrize("name", ["BigBoss", "b1g.boss", "운영자님", "site-admin", "admin77", "d.an"])
def test_a_username_of_staff_is_refused_with_a_sentence(boss, visitor, name):
    response = sign_up(visitor, name)
    assert response.status_code == 422
    assert "This name is reserved." in response.text


@pytest.mark.parametrize("name", CLAIMS)
def test_a_display_name_that_claims_to_be_staff_is_refused(ann, boss, ruth, name):
    response = ann.post("/settings", display_name=name, **PROFILE)
    assert response.status_code == 422
    assert "This name is reserved." in response.text
    assert program_of(ann).patch("/me", {"display_name": name}).status_code == 422
    fields = {"username": "newbie", "display_name": name, "email": "newbie@example.org", "role": "member"}
    assert ruth.post("/admin/users/add", **fields).status_code == 422


@pytest.mark.parametrize("name", ["Ann", "Badminton", "Modern Ann", "Dana", "조 미나", "★Ann★", "ann 👩‍💻", "Minister"])
def test_other_display_names_are_accepted(ann, boss, name):
    assert ann.post("/settings", display_name=name, **PROFILE).status_code == 302


def test_staff_may_say_what_they_are(dan):
    assert dan.post("/settings", display_name="운영자 댄", **PROFILE).status_code == 302


def test_a_display_name_from_before_can_stay(app, ann, dan):
    with app.app_context(), transaction() as session:
        session.get_one(User, ann.id).display_name = "운영자"
    assert ann.post("/settings", display_name="운영자", **PROFILE | {"location": "Seoul"}).status_code == 302


def test_who_is_no_staff_any_more_loses_a_display_name_that_says_so(app, dan, ruth):
    dan.post("/settings", display_name="운영자", **PROFILE)
    fields = {"username": "dan", "display_name": "운영자", "email": "dan@example.org", "role": "member"}
    ruth.post(f"/admin/users/{dan.id}", **fields, confirmed="1")
    user = user_of(app, "dan")
    assert (user.role, user.display_name) == ("member", "dan")


BADGE = re.compile(r'<span class="pill good">(Moderator|Administrator)</span>')


def test_staff_have_a_badge_wherever_their_name_stands(app, ann, bob, boss, ruth):
    question = ann.ask()
    boss.answer(question)
    boss.comment(question, "Which yard?")
    boss.ask(title="A question of Dan's", tags="yard")
    conversation = boss.post("/messages/new", to="ann", body="Please be quiet.").location.partition("#")[0]
    ann.post("/users/dan/follow", value="1")
    run_jobs(app)
    places = (f"/posts/{question}", "/questions", "/users", "/users/dan", "/users/dan/card", "/messages", conversation,
              "/notifications", "/users/ann/following", "/feed", "/search?q=Big")  # fmt: skip
    for path in places:
        assert BADGE.search(ann.page(path)), path
    assert not BADGE.search(bob.page("/users/ann"))


def test_the_api_says_who_is_staff(app, ann, bob, boss):
    question = ann.ask()
    boss.comment(question, "Which yard?")
    boss.answer(question)
    boss.post("/messages/new", to="ann", body="Please be quiet.")
    run_jobs(app)
    program = program_of(ann)
    assert program.read(f"/posts/{question}/comments")["items"][0]["author"]["staff_role"] == "moderator"
    assert program.read(f"/posts/{question}/answers")["items"][0]["author"]["staff_role"] == "moderator"
    assert program.read(f"/posts/{question}")["author"]["staff_role"] is None
    assert {each["username"]: each["staff_role"] for each in program.read("/users")["items"]} == {
        "ann": None, "bob": None, "dan": "moderator"
    }  # fmt: skip
    assert program.read("/users/dan")["staff_role"] == "moderator"
    people = program.read("/conversations")["items"][0]["people"]
    assert [each["staff_role"] for each in people] == ["moderator"]
    assert {
        each["staff_role"] for line in program.read("/notifications/activity")["items"] for each in line["people"]
    } == {"moderator"}


def test_the_username_stands_beside_another_display_name(ann, bob):
    question = bob.ask()
    conversation = bob.post("/messages/new", to="ann", body="Shall we meet?").location.partition("#")[0]
    assert "@bob" not in ann.page(f"/posts/{question}")
    bob.post("/settings", display_name="Ann", **PROFILE)
    for path in (f"/posts/{question}", "/users/bob", conversation, "/messages"):
        assert "@bob" in ann.page(path), path
