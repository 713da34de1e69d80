"""Names that are another name with an honorific or particle: nobody takes them, and mentions mean the older account."""

from urllib.parse import quote

import pytest
from sqlalchemy import update

from madang.accounts.models import User, name_columns
from madang.accounts.operations.guests import open_guest
from madang.accounts.policies.look_alikes import skeleton
from madang.accounts.policies.name_endings import bases_of
from madang.accounts.policies.usernames import username_problem
from madang.accounts.queries.users import existing_usernames
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.importing.operations.usernames import choose_usernames
from tests.api.programs import Program, program_of
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database

ENDINGS = [
    "님",
    "씨",
    "군",
    "양",
    "샘",
    "쌤",
    "선생님",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에게",
    "께",
    "한테",
    "와",
    "과",
    "도",
    "의",
    "아",
    "야",
    "이야",
    "님께",
    "님이",
    "님은",
    "님께서는",
    "씨에게는",
    "에게서",
    "으로",
    "까지",
    "입니다",
    "さん",
    "팀장님",
    "교수님",
    "사장님",
    "부장님",
    "원장님",
    "박사님",
    "팀장",
    "이라서",
    "만큼",
    "이라도",
    "한테서",
    "보다는",
    "팀장님이라서",
    "교수님께서는",
    "에게서만",
    "까지도",
    "짱님",
    "할머니",
    "先生",
    "입니다만",
    "이었습니다",
    "들에게",
]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", ["bobby", "홍길동"])
def test_a_name_with_an_ending_has_the_name_as_a_base(name, ending):
    assert name in bases_of(name + ending)


@pytest.mark.parametrize("name", ["bobby", "홍길동", "bobby나라", "bobby2", "bobby-kim", "이가", "님"])
def test_other_names_have_no_base(name):
    assert "bobby" not in bases_of(name)
    assert all(len(base) > 1 for base in bases_of(name))


def call_by(app, person, username):
    """Give a person a name that could be taken before it was refused."""
    with app.app_context():
        columns = name_columns(username, "") | {"username_key": skeleton(username)}
        db.session.execute(update(User).where(User.id == person.id).values(**columns))
        db.session.commit()


def test_a_mention_means_the_older_account(app, ann, people):
    older, newer = people["bobby"], people["bobbyx"]
    call_by(app, newer, "bobby님")
    question = ann.ask(body="@bobby님, 안녕하세요. 이 마당을 옮기려고 합니다.")
    page = ann.page(f"/posts/{question}")
    assert 'data-user="bobby">@bobby</a>님,' in page.replace(' rel="nofollow ugc noopener"', "")
    assert "/notifications" in older.page("/notifications")
    with app.app_context():
        assert existing_usernames({"bobby", "bobby님"}) == {"bobby"}
        assert existing_usernames({"bobby님"}) == {"bobby님"}


@pytest.mark.parametrize("name", ["bobby팀장님", "bobby이라서", "bobby짱", "bobby-나라"])
def test_no_ending_takes_the_mentions_of_the_older_account(app, ann, people, name):
    """Behind letters of another script everything can be an ending, also one that the list does not know."""
    older, newer = people["bobby"], people["bobbyx"]
    call_by(app, newer, name)
    question = ann.ask(body=f"What do you say, @{name}에게서는?")
    page = ann.page(f"/posts/{question}")
    assert 'data-user="bobby"' in page and f'data-user="{name}"' not in page
    assert older.page("/notifications")


def test_a_name_that_begins_like_another_is_no_ending(app, ann, people):
    assert people["홍길"] and people["홍길동"]
    question = ann.ask(body="@홍길동님, @홍길님, 안녕하세요. 이 마당을 옮기려고 합니다.")
    page = ann.page(f"/posts/{question}")
    assert 'data-user="홍길동"' in page and 'data-user="홍길"' in page


@pytest.mark.parametrize("name", ["Ömer", "ÖMER", "ömer", "МАША", "маша", "ΝΙΚΟΣ"])
def test_mentions_know_the_case_of_all_letters(app, ann, people, name):
    for username in ("Ömer", "Маша", "Νίκος".replace("ί", "ι")):
        people[username]
    assert f'data-user="{name}"' in ann.page(f"/posts/{ann.ask(body=f'What do you say, @{name}, to this?')}")


@pytest.mark.parametrize("name", ["हिन्दी", "नीति", "สมหญิง", "น้ำ", "தமிழ்", "ދިވެހި", "မြန်မာ", "Việt", "נִקּוּד", "ভাষা"])
def test_names_with_vowel_signs_are_mentioned(ann, people, name):
    people[name]
    question = ann.ask(body=f"What do you say, @{name}, to this?")
    assert f'data-user="{name}"' in ann.page(f"/posts/{question}")
    assert f"/users/{quote(name)}" in ann.page(f"/posts/{question}")


@pytest.mark.parametrize("way", ["left", "renamed", "merged"])
def test_the_name_of_somebody_gone_with_an_ending_is_refused(app, people, visitor, way):
    ruth, bobby = people["ruth"], people["bobby"]
    if way == "left":
        bobby.post("/settings/leave/delete", current_password=PASSWORD)
    elif way == "renamed":
        program_of(ruth).patch("/admin/users/bobby", {"username": "robert2000"})
    else:
        ruth.post(f"/admin/users/{bobby.id}/merge", into=people["ann"].username, confirmed="1")
    registration = {"email": "nari@example.org", "password": PASSWORD, "password2": PASSWORD}
    for name in ("bobby님", "bobby팀장님", "b0bby에게"):
        assert visitor.post("/auth/signup", username=name, **registration).status_code == 422
        with app.app_context():
            assert choose_usernames([(name, "4711")])[0] != name


def test_an_older_account_with_the_longer_name_stays_meant(app, ann, people):
    assert people["bobby님"] and people["bobby"]
    with app.app_context():
        assert existing_usernames({"bobby", "bobby님", "Nobody"}) == {"bobby", "bobby님"}


@pytest.mark.parametrize("name", ["ann님", "Ann님", "ann님께", "ann에게", "ann씨"])
def test_pages_and_the_api_refuse_such_a_name(app, ann, people, visitor, name):
    sentence = "reads like another member&#39;s name"
    registration = {"username": name, "email": "nari@example.org", "password": PASSWORD, "password2": PASSWORD}
    refused = visitor.post("/auth/signup", **registration)
    assert (refused.status_code, sentence in refused.text) == (422, True)
    del registration["password2"]
    refused = Program(app).post("/auth/register", registration)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"username"})
    program = program_of(people["ruth"])
    refused = program.post("/admin/users", {"username": name, "email": "nari@example.org", "role": "member"})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"username"})
    people["bob"]
    refused = program.patch("/admin/users/bob", {"username": name})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"username"})


def test_one_may_add_an_ending_to_the_own_name(people):
    program = program_of(people["ruth"])
    people["bobby"]
    assert program.patch("/admin/users/bobby", {"username": "bobby님"}).status_code == 200


def test_imported_people_get_another_name(app, ann):
    with app.app_context():
        names = choose_usernames([("Bobby", "1"), ("Bobby님", "2"), ("ann씨", "3"), ("ann나라", "4")])
    assert names == ["Bobby", "Bobby님-2", "ann씨-3", "ann나라"]


def test_the_exact_name_is_completed_first(ann, people):
    for name in ("bobby", "bobbyann", "bob", "bobb"):
        people[name]
    people["bobby"].post("/settings", display_name="Zed", bio="", website="", location="")
    question = people["bobbyann"].ask()
    ann.post(f"/posts/{question}/votes", value="1")  # reputation
    for query in ("bob", "Bob", "bobb", "bobby"):
        assert ann.get(f"/users/complete?q={query}").json[0]["username"] == query.lower()
    people["cho"].post("/settings", display_name="Bo", bio="", website="", location="")
    assert ann.get("/users/complete?q=bo").json[0]["username"] == "cho"


@pytest.mark.parametrize("handle", ["7KM2QX", "abcde", "Hello2"])
@pytest.mark.parametrize("ending", ["님", "씨", "님께서", "이", "さん", "팀장님"])
def test_nobody_has_the_handle_of_a_guest_with_an_ending(app, handle: str, ending: str):
    with app.app_context(), transaction():
        open_guest(handle, now=now(), locale="ko")
    for form in (handle, handle.lower(), handle.translate(FULL_WIDTH), handle.lower().translate(FULL_WIDTH)):
        sent = {"username": form + ending, "email": "nari@example.org", "password": PASSWORD}
        assert [*Program(app).post("/auth/register", sent).json["errors"]] == ["username"]


FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@pytest.mark.parametrize("name", ["7km2qx님", "7KM2QX씨", "７KM2QX님", "2abcde선생님", "9zzzzz가"])
def test_a_new_guests_handle_with_an_ending_is_no_name_even_before_the_guest(name: str):
    assert username_problem(name) == "like_handle"


@pytest.mark.parametrize("name", ["2024년생님", "7km2q님", "7km2qxy님", "bora12님", "3학년2반"])
def test_other_names_that_begin_with_a_digit_are_left_to_people(name: str):
    assert username_problem(name) is None
