"""A board that not everybody may see: no page, API route, feed, mail or event tells anything of it to anybody else.

Every route of the site is asked, those of later slices too, with the ids and names of what stands on the board. The
secret word stands in every field that can hold one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.routing import Rule

from madang.accounts.models import User
from madang.admin.operations import counters
from madang.boards.models import Board
from madang.boards.queries import clear_board_caches
from madang.comments.models import Comment
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.queue import run_due
from madang.core.ttl_cache import clear_all
from madang.notifications.jobs import send_due_digests
from madang.notifications.models.tables import Notification
from madang.posts.models import Post
from tests.accounts.mailbox import mails, run_jobs
from tests.api.programs import Program, program_of
from tests.people import People, Person

pytestmark = pytest.mark.each_database
SECRET, FIND = "zirconblue", "quartzgreen"  # `FIND` is what strangers search for
SLUG, TAG = "qx7-cellar", "qx7-tag"
WORDS = f"{SECRET} {FIND}"
SECRETS = (SECRET, SLUG, TAG)
PLACE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# They end what the caller needs for the next request.
LEFT_OUT = ("/auth/logout", "/settings/leave/delete", "/settings/sessions/", "/me/sessions", "/events", "/setup")
LEFT_OUT_METHODS = {("DELETE", "/api/v1/me")}
QUERY = (
    f"q={FIND}&kw={FIND}&title={FIND}&board={SLUG}&tag={TAG}",
    f"q={FIND}",
    f"title={FIND}",
    f"board={SLUG}",
    f"tag={TAG}",
    "author=dan",
    "kind=board",
    "kind=tag",
    "kind=question",
    "tab=answers",
    "tab=comments",
    "tab=others",
    "sort=unanswered",
    "show=newest",
    "unread=1",
)


@dataclass
class Cellar:
    """What stands on the board: numbers and names by which routes ask for it."""

    posts: list[int] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> list[int]:
        return [*self.posts, *self.comments, 1]


def set_readers(app: Flask, readers: str, group_id: int | None = None) -> None:
    with app.app_context(), transaction() as session:
        groups = [] if group_id is None else [group_id]
        session.execute(update(Board).where(Board.slug == SLUG).values(readers=readers, reader_group_ids=groups))
    clear_board_caches()


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """For whom the board is: the members of a group, unless the test says otherwise."""
    return getattr(request, "param", "groups")


@pytest.fixture
def cellar(app: Flask, kind: str, ruth: Person, dan: Person, eve: Person, bob: Person) -> Cellar:
    """A board for staff or for a group, written by Dan and by Eve, who may see it then; Bob is in another group."""
    groups = {slug: group_of(ruth, slug, names) for slug, names in (("qx7-club", "dan eve"), ("others", "bob"))}
    answer = ruth.post(
        "/admin/boards/add", slug=SLUG, kind="qa", name_en=f"The {WORDS}", name_ko=f"{WORDS} 방",
        confirmed="1", description_en=f"About {WORDS}", description_ko=f"{WORDS} 이야기",
    )  # fmt: skip
    assert answer.status_code == 302, answer.text
    with app.app_context(), transaction() as session:
        role = "moderator" if kind == "staff" else "member"
        session.execute(update(User).where(User.id == eve.id).values(role=role))
    set_readers(app, kind, groups["qx7-club"] if kind == "groups" else None)
    want_mails(app, bob, eve)
    question = dan.ask(f"Where is the {WORDS}?", f"It was {WORDS} before. @eve @bob", tags=TAG, board=SLUG)
    edited = dan.post(
        f"/posts/{question}/edit", title=f"Where is the {WORDS} now?", body=f"It is {WORDS} now.", tags=TAG,
        summary=f"Now {WORDS}", version="1",
    )  # fmt: skip
    assert edited.status_code == 302, edited.text
    own = eve.ask(f"Who has the {WORDS}?", f"I need the {WORDS} today.", tags=f"{TAG} yard", board=SLUG)
    answers = [eve.answer(question, f"In the {WORDS}."), dan.answer(own, f"Dan has the {WORDS}. @bob @eve")]
    comments = [
        dan.comment(question, f"No {WORDS}? @bob"),
        eve.comment(answers[1], f"Thank you, {WORDS}."),
        dan.comment(answers[0], f"Look there, {WORDS}. @eve"),
    ]
    dan.post(f"/posts/{answers[0]}/votes", value="1")
    dan.post(f"/posts/{own}/close", reason="duplicate", original=str(question))
    eve.post(f"/posts/{question}/flag", reason="other", note=f"For {WORDS}")
    eve.post(f"/comments/{comments[0]}/flag", reason="other", note=f"For {WORDS}")
    for path in (f"/posts/{question}/follow", f"/boards/{SLUG}/follow", f"/tags/{TAG}/follow", "/users/dan/follow"):
        assert eve.post(path, value="1").status_code == 302, path
    assert eve.post(f"/posts/{question}/todo", value="1").status_code == 302
    later = dan.ask(f"Another {WORDS}", f"More of the {WORDS}.", tags=TAG, board=SLUG)
    dan.answer(question, f"Here is more {WORDS}. @bob")
    run_jobs(app)
    return Cellar([question, own, later, *answers], comments, [SLUG, TAG, "dan", "eve", "1"])


def want_mails(app: Flask, *people: Person) -> None:
    """Confirm the addresses of people, and let them get mails and digests."""
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id.in_([each.id for each in people])).values(email_confirmed_at=now()))
    for person in people:
        person.post("/settings/notifications", digest="daily", mentioned="email", answer_posted="email")


def group_of(ruth: Person, slug: str, names: str) -> int:
    """Make a group of these people; returns its id."""
    program = program_of(ruth)
    made = program.post("/admin/groups", {"slug": slug, "name": slug, "shows_members": True})
    assert made.status_code == 201, made.text
    added = program.post(f"/groups/{slug}/members", {"usernames": names.split()})
    assert added.status_code in (200, 201), added.text
    return made.json["id"]


@pytest.fixture
def open_question(ann: Person, dan: Person, cellar: Cellar) -> int:
    """A question that everybody may see and that links to the board."""
    question = ann.ask("How do I move a yard?", f"See /posts/{cellar.posts[0]} please.", tags="yard")
    dan.comment(question, f"As in /posts/{cellar.posts[0]}#answer-{cellar.posts[3]}, I think.")
    return question


@pytest.fixture
def strangers(
    app: Flask, cellar: Cellar, open_question: int, people: People, bob: Person, eve: Person, ruth: Person
) -> dict:
    """Everybody who may not see the board, by what they are."""
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == eve.id).values(role="member"))
    assert program_of(ruth).delete("/groups/qx7-club/members/eve").status_code == 204
    clear_all()
    guest = people.visitor()
    guest.post("/tools/word-counter", text="one two three", url="")
    return {
        "visitor": people.visitor(),
        "guest": guest,
        "member": bob,
        "former reader": eve,
        "program without a token": Program(app),
        "program of a member": program_of(bob),
        "program of the former reader": program_of(eve),
    }


def requests(app: Flask, cellar: Cellar, methods: tuple[str, ...]) -> Iterator[tuple[str, Rule, str]]:
    """The method, rule and path of each request: every route with every number and name of the board."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if rule.endpoint.endswith("static") or any(part in rule.rule for part in LEFT_OUT):
            continue
        for method in sorted((rule.methods or set()).intersection(methods)):
            if (method, rule.rule) not in LEFT_OUT_METHODS:
                yield from ((method, rule, path) for path in sorted(set(paths_of(rule, cellar))))


def paths_of(rule: Rule, cellar: Cellar) -> Iterator[str]:
    count = max(len(cellar.numbers), len(cellar.names))
    for index in range(count):

        def fill(place: re.Match[str], index: int = index) -> str:
            values = cellar.numbers if place[1] == "int" else cellar.names
            return quote(str(values[index % len(values)]), safe="")

        yield PLACE.sub(fill, rule.rule)


def differences(app: Flask) -> list:
    """Counters that are not what they count."""
    with app.app_context():
        return list(counters.differences())


def told(answer, path: str) -> list[str]:
    """The secrets that an answer tells, besides those that the request has."""
    assert answer.status_code < 500, path
    text = answer.get_data().decode("utf-8", "replace") + str(answer.headers)
    asked = unquote(path)
    return [secret for secret in SECRETS if secret in text and secret not in asked]


def get(stranger, rule: Rule, path: str):
    return (
        stranger.get(path)
        if not isinstance(stranger, Program)
        else stranger.client.get(path, headers={"Authorization": f"Bearer {stranger.token}"} if stranger.token else {})
    )


def is_for(stranger, rule: Rule) -> bool:
    return rule.rule.startswith("/api/") == isinstance(stranger, Program)


def test_the_walk_finds_the_words_where_somebody_may_see_them(app, cellar, open_question, dan):
    found = {
        rule.endpoint
        for stranger in (dan, program_of(dan))
        for _method, rule, path in requests(app, cellar, ("GET",))
        if is_for(stranger, rule) and told(get(stranger, rule, path), path)
    }
    assert len(found) > 60, sorted(found)


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("staff", "visitor"),
        ("groups", "visitor"),
        ("groups", "guest"),
        ("groups", "member"),
        ("staff", "former reader"),
        ("groups", "former reader"),
        ("groups", "program without a token"),
        ("groups", "program of a member"),
        ("groups", "program of the former reader"),
    ],
    indirect=["kind"],
)
def test_nobody_else_reads_a_word_of_a_board(app, cellar, strangers, who):
    stranger = strangers[who]
    leaks = {
        f"{path} tells {words}"
        for _method, rule, path in requests(app, cellar, ("GET",))
        if is_for(stranger, rule)
        for each in (path, *([f"{path}?{query}" for query in QUERY] if "<" not in rule.rule else ()))
        if (words := told(get(stranger, rule, each), each))
    }
    assert leaks == set()


@pytest.mark.parametrize("who", ["visitor", "guest", "member", "former reader", "program of a member"])
def test_nobody_else_changes_anything_on_a_board(app, cellar, strangers, who):
    stranger, before = strangers[who], state_of(app, cellar)
    leaks = set()
    for method, rule, path in requests(app, cellar, UNSAFE):
        if is_for(stranger, rule):
            answer = send(stranger, method, path)
            leaks |= {f"{method} {path} tells {words}"} if (words := told(answer, path)) else set()
    assert leaks == set()
    assert state_of(app, cellar) == before


FIELDS = {
    "title": "How do I move a yard?", "body": "Lift it gently and walk slowly.", "tags": "yard", "board": "qa",
    "value": "1", "version": "1", "summary": "", "reason": "other", "note": "It is rude.", "kind": "question",
    "confirmed": "1", "verdict": "declined", "key": "post", "text": "one two three", "to": "ann",
}  # fmt: skip


def send(stranger, method: str, path: str):
    if isinstance(stranger, Program):
        fields = {**FIELDS, "value": 1, "version": 1, "tags": ["yard"]}
        return stranger.call(method, path, fields, headers={"If-Match": "*"})
    if not stranger.username:
        stranger._token = ""
    return stranger.post(path, **FIELDS)


def state_of(app: Flask, cellar: Cellar) -> dict[str, list[tuple]]:
    """What stands on the board, with its counters."""
    posts = select(
        Post.id, Post.title, Post.body, Post.score, Post.state, Post.answer_count, Post.comment_count, Post.version,
        Post.closed_at, Post.locked_at, Post.accepted_answer_id, Post.tag_names, Post.board_id,
    ).where(Post.board_id == select(Board.id).where(Board.slug == SLUG).scalar_subquery())  # fmt: skip
    comments = select(Comment.id, Comment.body, Comment.score, Comment.state).where(Comment.id.in_(cellar.comments))
    boards = select(Board.slug, Board.post_count, Board.unanswered_count, Board.readers).where(Board.slug == SLUG)
    statements = {"posts": posts.order_by(Post.id), "comments": comments.order_by(Comment.id), "boards": boards}
    with app.app_context():
        return {name: [tuple(row) for row in db.session.execute(each)] for name, each in statements.items()}


def test_no_mail_tells_a_word_to_anybody_else(app, cellar, strangers, dan, bob):
    mailed = {mail["To"] for mail in mails(app) if SECRET in mail.get_content()}
    assert mailed == {"eve@example.org"}, "while she could read it"
    before = len(mails(app))
    dan.answer(cellar.posts[0], f"Once more: {WORDS}. @eve @bob")
    dan.comment(cellar.posts[4], f"And {WORDS} again. @eve @bob")
    with app.app_context(), transaction():
        send_due_digests.enqueue()
    with app.app_context(), at(now() + timedelta(days=2)):
        run_due()
    assert [mail["To"] for mail in mails(app)[before:] if SECRET in str(mail)] == []


def test_no_notification_is_made_or_kept_for_anybody_else(app, cellar, strangers, bob, eve):
    with app.app_context():
        theirs = select(Notification.user_id).where(Notification.post_id.in_(cellar.posts), Notification.is_activity)
        assert bob.id not in db.session.scalars(theirs).all()
    assert "post" not in str(program_of(eve).read("/notifications/activity")["items"]).replace("post_voted", "")
    assert program_of(eve).read("/notifications?since=2020-01-01T00:00:00Z")["items"] is not None


def test_numbers_count_what_the_reader_may_see(app, cellar, strangers, dan, visitor, eve):
    assert "yard" in visitor.page("/tags") and TAG not in visitor.page("/tags")
    tags = {each["name"]: each["post_count"] for each in Program(app).read("/tags")["items"]}
    assert tags == {"yard": 1}, "not the post of the board that has this tag too"
    tags = {each["name"]: each["post_count"] for each in program_of(dan).read("/tags")["items"]}
    assert tags == {"yard": 2, TAG: 3}
    assert differences(app) == []


def test_a_board_that_is_opened_is_found_at_once(app, cellar, strangers, visitor):
    set_readers(app, "members")
    assert visitor.get(f"/boards/{SLUG}").status_code == 404
    assert SECRET in strangers["member"].page(f"/boards/{SLUG}")
    set_readers(app, "everyone")
    clear_all()
    assert SECRET in visitor.page(f"/boards/{SLUG}")
    assert SECRET in visitor.page(f"/search?q={FIND}") and SECRET in visitor.page("/")


def test_a_post_that_moves_takes_its_readers_along(app, cellar, strangers, dan, visitor):
    question = cellar.posts[0]
    assert dan.post(f"/posts/{question}/move", board="qa", confirmed="1").status_code == 302
    clear_all()
    assert SECRET in visitor.page(f"/posts/{question}")
    assert {each["name"]: each["post_count"] for each in Program(app).read("/tags")["items"]} == {"yard": 1, TAG: 1}
    assert dan.post(f"/posts/{question}/move", board=SLUG).status_code == 302
    clear_all()
    assert visitor.get(f"/posts/{question}").status_code == 404
    assert differences(app) == []
