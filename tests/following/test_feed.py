"""The feed: which posts are in it and why, what removes them, paging, queries."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from madang.accounts.queries.actors import actor_of
from madang.accounts.queries.users import get_user
from madang.core.actor import VISITOR
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.queue import Job
from madang.following.jobs import fan_out_to_feeds, trim_all_feeds
from madang.following.models import FeedEntry
from madang.following.operations import fan_out, following
from madang.following.queries import feed_rows
from madang.posts.models import Post

from ..accounts.mailbox import run_jobs
from ..test_conventions_routes import recorded_statements
from .test_following import follow, suspend

pytestmark = pytest.mark.each_database


def feed(person, path: str = "/feed") -> list[tuple[str, str]]:
    """The rows of somebody's feed: the title and the reason of each."""
    run_jobs(person.app)
    rows = re.findall(r'<li class="row">.*?</li>', person.page(path), re.S)
    return [(_text(row, r"<a [^>]*data-row>(.*?)</a>"), _text(row, r'<p class="why">(.*?)</p>')) for row in rows]


def _text(row: str, pattern: str) -> str:
    found = re.search(pattern, row, re.S)
    assert found, row
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def titles(person) -> list[str]:
    return [title for title, _why in feed(person)]


def test_posts_of_a_followed_person_are_in_the_feed(ann, bob, cho):
    follow(bob, "/users/ann")
    question = ann.ask("How do I move a yard?")
    ann.ask("A word about yards", board="talk")
    other_question = cho.ask("마당을 어떻게 옮기나요?")
    ann.answer(other_question)
    assert feed(bob) == [
        ("마당을 어떻게 옮기나요?", "Because you follow ann"),
        ("A word about yards", "Because you follow ann"),
        ("How do I move a yard?", "Because you follow ann"),
    ]
    page = bob.page("/feed")
    assert '<span class="pill">Answer</span>' in page and f'href="/posts/{question}/how-do-i-move-a-yard"' in page


def test_an_answer_in_the_feed_links_to_its_place(ann, bob, cho):
    follow(bob, "/users/ann")
    question = cho.ask("Where is the well?")
    answer = ann.answer(question)
    feed(bob)
    link = re.search(rf'href="(/posts/{answer}/[^"]*)"', bob.page("/feed"))[1]
    assert bob.get(link).location == f"/posts/{question}/where-is-the-well#answer-{answer}"


@pytest.mark.parametrize(("path", "why"), [("/tags/yard", "#yard"), ("/boards/qa", "Questions and answers")])
def test_followed_tags_and_boards_add_posts_without_answers(ann, bob, cho, path, why):
    ann.ask("A first question?", tags="yard")
    follow(bob, path)
    question = ann.ask("How do I move a yard?", tags="yard tent")
    ann.ask("A word about yards", board="talk")
    cho.answer(question)
    assert feed(bob) == [
        ("How do I move a yard?", f"Because you follow {why}"),
        ("A first question?", f"Because you follow {why}"),
    ]


def test_answers_of_a_followed_question_are_in_the_feed(ann, bob, cho):
    question = ann.ask("How do I move a yard?")
    follow(bob, f"/posts/{question}")
    cho.answer(question)
    assert feed(bob) == [("How do I move a yard?", "Because you follow this question")]


def test_following_a_question_starts_now(ann, bob, cho, dan):
    """Its older answers do not come, neither at once nor when one is restored or another reason for it ends."""
    question = ann.ask("How do I move a yard?")
    old = cho.answer(question)
    follow(bob, f"/posts/{question}")
    assert feed(bob) == []
    dan.post(f"/posts/{old}/delete")
    dan.post(f"/posts/{old}/restore")
    assert feed(bob) == []
    follow(bob, "/users/cho")
    follow(bob, "/users/cho", "0")
    assert feed(bob) == []
    dan.answer(question, body="With the help of four friends, as I did.")
    assert feed(bob) == [("How do I move a yard?", "Because you follow this question")]


def test_entries_of_one_question_are_one_row(ann, bob, cho, dan, eve):
    """Its answers by whatever reason, and the question itself; other posts keep their place between them."""
    for path in ("/boards/qa", "/users/cho", "/users/dan"):
        follow(bob, path)
    question = ann.ask("How do I move a yard?")
    follow(bob, f"/posts/{question}")
    cho.answer(question, body="천천히 걸어가면서 옮기세요. 그러면 됩니다.")
    ann.ask("Where is the well?")
    for person in (dan, eve):
        latest = person.answer(question, body=f"This is the way of {person.username}, walk.")
    assert titles(bob) == ["How do I move a yard?", "Where is the well?"]
    page = bob.page("/feed")
    assert f'href="/posts/{latest}/how-do-i-move-a-yard"' in page
    assert "and 2 more answers to this question" in page
    dan.post(f"/posts/{latest}/delete")
    feed(bob)
    assert "and 1 more answer to this question" in bob.page("/")


def test_groups_are_paged_without_gaps(monkeypatch, ann, bob, cho):
    monkeypatch.setattr("madang.following.fragments.feed_page.__defaults__", (2,))
    follow(bob, "/users/ann")
    for number in range(3):
        question = cho.ask(f"마당을 어떻게 {number}번 옮기나요?")
        for answer in range(3):
            ann.answer(question, body=f"This is the way number {answer} of {number}.")
    seen, path = [], "/feed"
    while path:
        seen.append([title for title, _why in feed(bob, path)])
        older = re.search(r'href="(/feed\?before=[^"]+)"', bob.page(path))
        path = older and older[1]
    assert seen == [["마당을 어떻게 2번 옮기나요?", "마당을 어떻게 1번 옮기나요?"], ["마당을 어떻게 0번 옮기나요?"]]


def test_own_posts_are_not_in_the_feed(ann, bob):
    follow(ann, "/boards/qa")
    question = ann.ask("How do I move a yard?")
    follow(ann, f"/posts/{bob.ask('Where is the well?')}")
    bob.answer(question)
    assert titles(ann) == ["Where is the well?"]


def test_a_post_with_several_reasons_is_listed_once_with_the_first(ann, bob):
    for path in ("/boards/qa", "/users/ann"):
        follow(bob, path)
    ann.ask("How do I move a yard?", tags="yard tent")
    run_jobs(bob.app)
    for path in ("/tags/yard", "/tags/tent"):
        follow(bob, path)
    assert feed(bob) == [("How do I move a yard?", "Because you follow ann")]


def test_unfollowing_removes_posts_without_another_reason(ann, bob, cho):
    ann.ask("How do I move a yard?", tags="yard")
    ann.ask("Where is the well?")
    for path in ("/users/ann", "/tags/yard"):
        follow(bob, path)
    assert titles(bob) == ["Where is the well?", "How do I move a yard?"]
    follow(bob, "/users/ann", "0")
    assert feed(bob) == [("How do I move a yard?", "Because you follow #yard")]
    follow(bob, "/tags/yard", "0")
    assert feed(bob) == []


def test_a_new_follow_adds_the_newest_posts(monkeypatch, ann, bob):
    monkeypatch.setattr(fan_out, "INITIAL_POSTS", 3)
    for number in range(5):
        ann.ask(f"Question number {number}?", tags="yard")
    run_jobs(bob.app)
    for path in ("/users/ann", "/tags/yard", "/boards/qa"):
        follow(bob, path)
        assert titles(bob) == [f"Question number {number}?" for number in (4, 3, 2)]
        follow(bob, path, "0")


def test_deleted_posts_are_hidden_until_restored(ann, bob, dan):
    for path in ("/users/ann", "/users/dan"):
        follow(bob, path)
    question = ann.ask("How do I move a yard?")
    dan.answer(dan.ask("Where is the well?"))
    dan.answer(question)
    assert len(feed(bob)) == 2
    dan.post(f"/posts/{question}/delete")
    assert titles(bob) == ["Where is the well?"]
    dan.post(f"/posts/{question}/restore")
    assert len(feed(bob)) == 2


def test_a_post_deleted_before_the_fan_out_is_added_when_restored(ann, bob, dan):
    follow(bob, "/users/ann")
    question = ann.ask("How do I move a yard?")
    dan.post(f"/posts/{question}/delete")
    assert feed(bob) == []
    dan.post(f"/posts/{question}/restore")
    assert titles(bob) == ["How do I move a yard?"]


def test_adding_a_tag_adds_the_post_to_feeds(ann, bob):
    question = ann.ask("How do I move a yard?", tags="tent")
    follow(bob, "/boards/talk")
    ann.ask("Where is the well?", tags="yard")
    follow(bob, "/tags/yard")
    body = "I tried the obvious things and none of them worked."
    ann.post(f"/posts/{question}/edit", version="1", title="How do I move a yard?", body=body, tags="yard")
    assert ("How do I move a yard?", "Because you follow #yard") in feed(bob)


def test_moving_a_post_adds_it_to_feeds_of_the_new_board(ann, bob, dan):
    follow(bob, "/boards/talk")
    question = ann.ask("How do I move a yard?")
    assert feed(bob) == []
    dan.post(f"/posts/{question}/move", board="talk")
    assert feed(bob) == [("How do I move a yard?", "Because you follow Talk")]


def test_posts_of_suspended_people_are_hidden(ann, bob, eve):
    for path in ("/users/eve", "/tags/yard"):
        follow(bob, path)
    eve.ask("How do I move a yard?")
    assert len(feed(bob)) == 1
    suspend(eve)
    assert feed(bob) == []


def test_repeating_the_fan_out_changes_nothing(app, ann, bob):
    follow(bob, "/users/ann")
    question = ann.ask("How do I move a yard?")
    run_jobs(app)
    with app.app_context():
        with transaction():
            for _time in range(3):
                fan_out_to_feeds.enqueue(post_id=question)
        run_jobs(app)
    assert titles(bob) == ["How do I move a yard?"]


def feed_lengths(app) -> dict[int, int]:
    """The number of posts in the feed of each person, by id, before any job has run."""
    with app.app_context():
        return {row[0]: row[1] for row in db.rows(select(FeedEntry.user_id, func.count()).group_by(FeedEntry.user_id))}


def fan_outs(app) -> list[dict[str, object]]:
    """The arguments of the waiting jobs that fill feeds."""
    with app.app_context():
        jobs = select(Job.arguments).where(Job.name == fan_out_to_feeds.name, Job.state == "queued")
        return list(db.session.scalars(jobs.order_by(Job.id)))


def test_few_followers_have_a_post_at_once_and_nobody_costs_a_job(app, ann, bob, cho):
    ann.ask("How do I move a yard that nobody follows?")
    assert (feed_lengths(app), fan_outs(app)) == ({}, [])
    follow(bob, "/users/ann")
    follow(cho, "/boards/qa")
    run_jobs(app)
    ann.ask("How do I move a yard?", tags="yard")
    assert feed_lengths(app) == {bob.id: 2, cho.id: 2}, "a follow itself adds the questions that are there"
    assert fan_outs(app) == []


def test_many_followers_of_one_kind_are_left_to_a_job(app, monkeypatch, ann, bob, cho, dan, eve):
    monkeypatch.setattr(fan_out, "FEW_FOLLOWERS", 1)
    for person in (bob, cho):
        follow(person, "/users/ann")
    follow(dan, "/boards/qa")
    run_jobs(app)
    question = ann.ask("How do I move a yard?", tags="yard")
    assert feed_lengths(app) == {dan.id: 1}
    assert fan_outs(app) == [{"post_id": question, "kinds": ["person"]}]
    assert [titles(person) for person in (bob, cho, dan, eve)] == [["How do I move a yard?"]] * 3 + [[]]


def test_many_followers_are_reached_in_batches(app, monkeypatch, ann, bob, cho, dan, eve):
    monkeypatch.setattr(fan_out, "FEW_FOLLOWERS", 0)
    monkeypatch.setattr(fan_out, "FOLLOWERS_BATCH_SIZE", 2)
    for person in (bob, cho, dan, eve):
        follow(person, "/users/ann")
        follow(person, "/tags/yard") if person is not bob else None
    ann.ask("How do I move a yard?", tags="yard tent")
    assert [titles(person) for person in (bob, cho, dan, eve)] == [["How do I move a yard?"]] * 4


def test_the_feed_is_paged_without_gaps_or_repetitions(monkeypatch, ann, bob):
    monkeypatch.setattr("madang.following.fragments.FEED_PAGE", 4)
    monkeypatch.setattr("madang.following.fragments.feed_page.__defaults__", (4,))
    follow(bob, "/users/ann")
    with at(now()):  # the same time for all: the id breaks ties
        for number in range(9):
            ann.ask(f"Question number {number}?")
    seen, path = [], "/feed"
    while path:
        seen += feed(bob, path)
        older = re.search(r'href="(/feed\?before=[^"]+)"', bob.page(path))
        path = older and older[1]
    assert [title for title, _why in seen] == [f"Question number {number}?" for number in reversed(range(9))]


def test_an_invalid_page_key_shows_the_first_page(ann, bob):
    follow(bob, "/users/ann")
    ann.ask("How do I move a yard?")
    assert len(feed(bob, "/feed?before=nonsense")) == 1
    assert "There are no older posts" in bob.page("/feed?before=0-1")


def test_feeds_are_trimmed_to_their_newest(app, monkeypatch, ann, bob):
    for number in range(6):
        ann.ask(f"Question number {number}?")
    follow(bob, "/users/ann")
    monkeypatch.setattr(fan_out, "MAX_FEED_LENGTH", 4)
    with app.app_context():
        with transaction():
            trim_all_feeds.enqueue()
        run_jobs(app)
        assert db.session.scalar(select(func.count()).select_from(FeedEntry)) == 4
    assert titles(bob) == [f"Question number {number}?" for number in (5, 4, 3, 2)]
    follow(bob, "/boards/qa")
    assert len(feed(bob)) == 4


def test_old_posts_are_sorted_by_their_time(app, ann, bob):
    old, new = ann.ask("An old question here?", tags="yard"), ann.ask("A new question here?")
    with app.app_context(), transaction() as session:
        session.execute(update(Post).where(Post.id == new).values(created_at=now() + timedelta(hours=1)))
    follow(bob, "/users/ann")
    with app.app_context(), transaction():
        fan_out_to_feeds.enqueue(post_id=old)
    assert titles(bob) == ["A new question here?", "An old question here?"]


def test_home_shows_members_their_feed(ann, bob, visitor):
    ann.ask("How do I move a yard?", tags="yard")
    page = bob.page("/")
    assert "How do I move a yard?" in page and "Your feed is empty." in page
    assert 'action="/tags/yard/follow"' in page and 'action="/boards/qa/follow"' in page
    follow(bob, "/boards/talk")
    ann.ask("A word about yards", board="talk")
    assert feed(bob, "/") == [("A word about yards", "Because you follow Talk")]
    assert "How do I move a yard?" in bob.page("/?show=newest")
    page = visitor.page("/")
    assert "How do I move a yard?" in page and "/follow" not in page and "Your feed" not in page


def test_the_feed_needs_a_log_in(visitor):
    assert visitor.get("/feed").location.startswith("/auth/login")


def test_an_empty_feed_suggests_what_to_follow(ann, bob):
    ann.ask("How do I move a yard?", tags="yard")
    follow(bob, "/tags/yard")
    ann.post("/posts/1/delete")
    page = bob.page("/feed")
    assert "Because you follow" in page or "Your feed is empty" in page
    assert "Your feed is empty" in ann.page("/feed")


def test_the_number_of_queries_does_not_grow_with_the_feed(app, ann, bob, monkeypatch):
    monkeypatch.setattr("madang.core.ttl_cache.monotonic", lambda: 0.0)  # no cached value expires during the test

    def count_queries(path: str) -> int:
        run_jobs(app)
        bob.page(path)
        with recorded_statements(app) as statements:
            bob.page(path)
        assert statements.while_rendering == 0
        return len(statements)

    for path in ("/users/ann", "/tags/yard"):
        ann.ask("A first question?", tags="yard")
        follow(bob, path)
    before = [count_queries(path) for path in ("/", "/feed")]
    for number in range(40):
        ann.ask(f"Question number {number}?", tags=f"yard tag{number}")
    assert [count_queries(path) for path in ("/", "/feed")] <= before


def test_operations_are_idempotent_and_return_whether_they_changed_something(app, ann, bob):
    """As the API needs it."""
    ann.ask("How do I move a yard?")
    with app.app_context(), transaction():
        person = get_user("ann", VISITOR)
        actor = actor_of(get_user("bob", VISITOR)) if bob.id else VISITOR
        assert [following.follow(person, actor=actor, now=now()) for _twice in range(2)] == [True, False]
        assert [row.title for row in feed_rows(actor, before=None, limit=5, now=now())] == ["How do I move a yard?"]
        assert [following.unfollow(person, actor=actor) for _twice in range(2)] == [True, False]
