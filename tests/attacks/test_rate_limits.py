"""Attacks on rate limits and quotas."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from madang.core.clock import at, now
from madang.core.web import rate_limits
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database


@pytest.fixture(autouse=True)
def no_counts():
    """Reset the counts of rate limits."""
    rate_limits.connect(None)


def test_a_new_account_does_not_reset_the_limit_of_new_accounts(app, visitor):
    app.config["SIGNUP_LIMIT"] = "2 per hour"
    fields = {"password": PASSWORD, "password2": PASSWORD}
    answers = []
    for name in ("nari1", "nari2", "nari3"):
        answers.append(visitor.post("/auth/signup", username=name, email=f"{name}@example.org", **fields).status_code)
        visitor.username, visitor._token = name, ""
    assert answers == [302, 302, 429]


def test_members_and_visitors_share_the_limit_of_log_ins(app, eve, visitor):
    app.config["LOGIN_LIMIT"] = "2 per minute"
    tries = [person.post("/auth/login", username="ann", password="wrong") for person in (visitor, eve, eve)]
    assert [answer.status_code for answer in tries] == [422, 422, 429]


def test_addresses_of_one_ipv6_network_count_as_one(app, visitor):
    app.config["LOGIN_LIMIT"] = "2 per minute"
    tries = []
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::3", "2001:db8:1:3::1", "198.51.100.1"):
        visitor.client.environ_base["REMOTE_ADDR"] = address
        tries.append(visitor.post("/auth/login", username="ann", password="wrong").status_code)
    assert tries == [422, 422, 429, 422, 422]


def test_a_forged_forwarded_address_is_ignored(app, visitor):
    app.config["LOGIN_LIMIT"] = "2 per minute"
    tries = [
        visitor.post("/auth/login", username="ann", password="wrong", headers={"X-Forwarded-For": f"198.51.100.{n}"})
        for n in range(3)
    ]
    assert tries[-1].status_code == 429


def test_reverting_counts_against_the_limit_of_posts(app, ann):
    app.config["POST_LIMIT"] = "3 per minute"
    question = ann.ask()
    ann.post(f"/posts/{question}/edit", title="How do I move a yard?", body="Another text of this question.", version=1)
    answers = [ann.post(f"/posts/{question}/revisions/{number}/revert").status_code for number in (1, 2)]
    assert answers == [302, 429]


@pytest.mark.parametrize(
    ("limit", "path", "fields"),
    [
        ("DRAFT_LIMIT", "/posts/drafts", {"key": "post", "body": "so"}),
        ("POST_LIMIT", "/settings", {"display_name": "A"}),
    ],
)
def test_drafts_and_profiles_have_a_limit(app, ann, limit, path, fields):
    app.config[limit] = "1 per minute"
    assert [ann.post(path, **fields).status_code for _time in range(2)][1] == 429


def test_uploads_per_member_and_day_are_limited(ann, bob, monkeypatch):
    monkeypatch.setattr("madang.posts.operations.pictures.MAX_BYTES_PER_DAY", 100)

    def send(person, side=60):
        buffer = BytesIO()
        Image.new("RGB", (side, 60)).save(buffer, "PNG")
        buffer.seek(0)
        return person.client.post("/files", data={"csrf_token": person.token, "file": (buffer, "picture.png")})

    answers = [send(*sent) for sent in ((ann, 60), (ann, 70), (ann, 80), (ann, 60), (bob, 60))]
    assert [answer.status_code for answer in answers] == [201, 201, 429, 201, 201]
    assert "Please send more tomorrow" in answers[2].text
    assert answers[0].json == answers[3].json
    with at(now() + timedelta(days=2)):
        assert send(ann, 80).status_code == 201
