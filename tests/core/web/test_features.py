"""A feature that is switched off cannot be reached, by any route, and nothing leads to it; its data stays."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.routing import Rule

from madang.accounts.jobs import purge_guests
from madang.accounts.models import User
from madang.config import BROWSER_SETTINGS
from madang.core import clock
from madang.core.db import db, transaction
from madang.core.queue import run_due
from madang.core.site import choose, site
from madang.slices import SLICES
from tests.api.programs import program_of
from tests.people import Person
from tests.test_conventions_routes import example_path

pytestmark = pytest.mark.each_database

SLICE_OF = {"FEATURE_TODOS": "todos", "FEATURE_MESSAGES": "messages", "FEATURE_TOOLS": "tools"}
# Where the pages of a feature lie: links to them are its navigation.
PATHS = {
    "FEATURE_TODOS": r"/todos|/posts/\d+/todo|/messages/\d+/\d+/todo",
    "FEATURE_MESSAGES": r"/messages",
    "FEATURE_TOOLS": r"/tools/",
    "FEATURE_GUESTS": r"/guest",
}


def switch(app: Flask, name: str, text: str) -> None:
    with app.app_context(), transaction():
        choose(BROWSER_SETTINGS[name], text)


def rules_of(app: Flask, feature: str) -> list[Rule]:
    """The rules of the slice of a feature; of guests those of their pages."""
    if feature == "FEATURE_GUESTS":
        return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/guest")]
    name = SLICE_OF[feature]
    package = f"madang.{name}."
    return [
        rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "__module__", "").startswith(package)
    ]


@pytest.mark.parametrize("feature", PATHS)
def test_no_route_of_a_feature_is_open_while_it_is_off(app, root, visitor, feature):
    rules = rules_of(app, feature)
    program = program_of(root)
    assert len(rules) > 1
    switch(app, feature, "no")
    for rule in rules:
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = example_path(rule)
            if path.startswith("/api/"):
                answer = program.call(method, path, {} if method != "GET" else None)
                assert answer.is_json
            else:
                answer = root.client.open(path, method=method, data={"csrf_token": root.token})
            assert answer.status_code == 404, f"{method} {path} answers {answer.status_code}"
            assert visitor.client.open(path, method=method, data={"csrf_token": visitor.token}).status_code == 404


def test_every_switch_of_a_slice_is_tested_here():
    assert {each.feature: each.name for each in SLICES if each.feature} == SLICE_OF
    assert {name for each in SLICES for name in each.feature_of_blueprints.values()} == PATHS.keys() - SLICE_OF.keys()


@pytest.mark.parametrize("feature", PATHS)
def test_nothing_leads_to_a_feature_that_is_off(app, root, ann, bob, visitor, feature):
    post = ann.ask()
    pages = ("/", f"/posts/{post}", "/users/ann", "/users/ann/card", "/jobs", "/admin", "/settings", "/notifications")
    assert any(links_to(feature, bob.page(path)) for path in pages[:5]) or feature == "FEATURE_GUESTS"
    switch(app, feature, "no")
    for person in (root, ann, bob):
        for path in pages:
            answer = person.get(path)
            assert answer.status_code != 500
            assert links_to(feature, answer.text) == [], f"{path} for {person.username}"
    for path in ("/", f"/posts/{post}", "/users/ann"):
        assert links_to(feature, visitor.page(path)) == []


def links_to(feature: str, page: str) -> list[str]:
    return re.findall(rf'(?:href|action|hx-post|hx-get)="((?:{PATHS[feature]})[^"]*)"', page)


def test_what_people_have_is_there_again_when_a_feature_is_on_again(app, ann):
    ann.post("/todos", title="Rake the yard")
    switch(app, "FEATURE_TODOS", "no")
    ann.page("/todos", 404)
    switch(app, "FEATURE_TODOS", "yes")
    assert "Rake the yard" in ann.page("/todos")


def test_a_job_that_waits_while_its_feature_is_switched_off_is_cancelled_and_can_be_run_again(app, ann):
    place = ann.post("/tools/word-counter", text="two words").location
    switch(app, "FEATURE_TOOLS", "no")
    run_jobs(app)
    job = program_of(ann).read(place)
    assert (job["state"], job["is_ended"]) == ("cancelled", True)
    switch(app, "FEATURE_TOOLS", "yes")
    assert ann.post(f"{place}/retry").status_code == 302
    run_jobs(app)
    assert program_of(ann).read(place)["state"] == "done"


def test_nobody_is_notified_of_a_message_that_cannot_be_opened(app, ann, bob):
    ann.post("/messages/new", to="bob", body="Is the gate open?")
    switch(app, "FEATURE_MESSAGES", "no")
    with clock.at(clock.now() + timedelta(minutes=5)):
        run_jobs(app)
    switch(app, "FEATURE_MESSAGES", "yes")
    assert [each for each in program_of(bob).read("/notifications")["items"] if each["is_activity"]] == []


def run_jobs(app: Flask) -> None:
    with app.app_context():
        run_due()


# Guests


def test_a_site_without_guests_leads_to_the_log_in_instead_of_making_one(app, visitor):
    switch(app, "FEATURE_GUESTS", "no")
    for path in ("/todos", "/tools/word-counter", "/messages", "/jobs"):
        assert visitor.get(path).location.startswith("/auth/login?next=")
    with app.app_context():
        assert db.session.query(User).count() == 0


def test_a_guest_is_a_visitor_while_guests_are_off_and_returns_afterwards(app, visitor):
    visitor.page("/todos")
    visitor._token = ""
    visitor.post("/todos", title="Rake the yard")
    switch(app, "FEATURE_GUESTS", "no")
    assert visitor.get("/todos").status_code == 302
    assert "data-handle" not in visitor.page("/")
    switch(app, "FEATURE_GUESTS", "yes")
    assert "Rake the yard" in visitor.page("/todos")


def test_no_guest_is_deleted_while_guests_are_off(app, visitor):
    visitor.page("/todos")
    for text, count in (("no", 1), ("yes", 0)):
        switch(app, "FEATURE_GUESTS", text)
        with app.app_context(), clock.at(clock.now() + timedelta(days=90)):
            with transaction():
                purge_guests.enqueue()
            run_due()
            assert db.session.query(User).count() == count


def test_no_guest_is_opened_by_a_link_while_guests_are_off(app, visitor):
    visitor.page("/todos")
    with app.app_context():
        handle = db.session.query(User).one().username
    switch(app, "FEATURE_GUESTS", "no")
    other = Person(app)
    assert "data-handle" not in other.page(f"/?username={handle}")


# Votes on talk boards


def test_posts_of_talk_boards_take_no_votes_while_these_are_off(app, ann, bob, visitor):
    talk, question = ann.ask("What a yard!", board="talk"), ann.ask()
    bob.post(f"/posts/{talk}/votes", value="1")
    switch(app, "TALK_VOTES", "no")
    for path in (f"/posts/{talk}", f"/posts/{question}"):
        is_open = path.endswith(str(question))
        assert (f'action="{path}/votes"' in bob.page(path)) is is_open
        assert ("Log in to vote" in visitor.page(path)) is is_open
    refused = bob.post(f"/posts/{talk}/votes", value="0")
    assert (refused.status_code, "There are no votes for such posts" in refused.text) == (403, True)
    assert program_of(bob).put(f"/posts/{talk}/vote", {"value": 1}).status_code == 403
    assert bob.post(f"/posts/{question}/votes", value="1").status_code == 302
    switch(app, "TALK_VOTES", "yes")
    assert program_of(bob).read(f"/posts/{talk}")["score"] == 1


def test_a_switch_is_read_in_the_same_second_in_this_process(app, ann):
    switch(app, "FEATURE_TODOS", "no")
    with app.app_context():
        assert site().chosen["FEATURE_TODOS"] is False
    ann.page("/todos", 404)
