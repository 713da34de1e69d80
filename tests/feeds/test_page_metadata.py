"""What pages say about themselves: canonical addresses, cards for messengers (Open Graph), data for search engines."""

import html
import json
import re
from io import BytesIO

import pytest
from PIL import Image

from tests.people import PASSWORD, Person

META = re.compile(r'<meta (?:name|property)="([^"]+)"(?: media="[^"]+")? content="([^"]*)">')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)">')
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def meta(person: Person, path: str) -> dict[str, str]:
    return {name: html.unescape(content) for name, content in META.findall(person.page(path))}


def items(person: Person, path: str) -> dict[str, dict]:
    (document,) = DATA.findall(person.page(path))
    parsed = json.loads(document)
    assert parsed["@context"] == "https://schema.org"
    return {item["@type"]: item for item in parsed["@graph"]}


def uploaded(person: Person) -> str:
    """The path of a new picture."""
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "green").save(buffer, "PNG")
    sent = {"csrf_token": person.token, "file": (BytesIO(buffer.getvalue()), "a.png")}
    return person.client.post("/files", data=sent).json["url"]


def canonical(person: Person, path: str) -> str:
    (address,) = CANONICAL.findall(person.page(path))
    return html.unescape(address).removeprefix("http://localhost")


def test_the_card_of_a_question_has_its_title_and_words(ann, visitor):
    post = ann.ask('Why "quoted" & <marked>?', body="Because **of** the rain.")
    card = meta(visitor, f"/posts/{post}")
    assert card["og:title"] == 'Why "quoted" & <marked>?'
    assert card["og:description"] == card["description"] == "Because of the rain."
    assert card["og:url"] == f"http://localhost/posts/{post}/why-quoted-marked"
    assert (card["og:type"], card["twitter:card"]) == ("article", "summary")
    assert card["og:image"].endswith("/static/card.png")


def test_the_card_of_a_post_has_its_first_picture(ann, visitor):
    picture = uploaded(ann)
    post = ann.ask(body=f"![elsewhere](https://example.org/a.png)\n\n![here]({picture})")
    card = meta(visitor, f"/posts/{post}")
    assert (card["og:image"], card["twitter:card"]) == (f"http://localhost{picture}", "summary_large_image")


@pytest.mark.parametrize("path", ["/", "/questions", "/boards", "/boards/qa", "/boards/talk", "/tags", "/users"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_has_a_description_and_a_card(ann, visitor, path, language):
    """Also tried: the pages of log-in, sign-up, search, a tag, a profile without a text about its person."""
    ann.ask(tags="garden")
    for each in (path, "/auth/login", "/auth/signup", "/search?q=a", "/tags/garden", "/users/ann", "/about"):
        visitor.get(f"/language/{language}")
        card = meta(visitor, each)
        assert len(card["description"]) > 5 and card["og:description"] == card["description"], each
        assert card["og:title"] and card["og:image"], each


def test_a_profile_describes_its_person(ann, visitor):
    ann.post("/settings", display_name="Ann", bio="I *dig*.", location="", website="")
    card = meta(visitor, "/users/ann")
    assert (card["og:title"], card["og:description"], card["og:type"]) == ("Ann", "I dig.", "profile")


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/questions", "/questions"),
        ("/questions?page=1", "/questions"),
        ("/questions?page=2", "/questions?page=2"),
        ("/questions?page=02&sort=votes&utm_source=a", "/questions?page=2"),
        ("/questions?page=x", "/questions"),
        ("/questions?tag=garden&page=2", "/questions?tag=garden&page=2"),
        ("/tags/%EC%A0%95%EC%9B%90?a=b", "/tags/%EC%A0%95%EC%9B%90"),
        ("/?show=newest", "/"),
        ("/boards/qa?sort=active", "/boards/qa"),
    ],
)
def test_the_canonical_address_keeps_the_page_alone(ann, visitor, path, address):
    ann.ask(tags="garden 정원")
    assert canonical(visitor, path) == address


def test_the_second_page_of_answers_is_canonical(ann, bob, visitor, monkeypatch):
    monkeypatch.setattr("madang.posts.views.reading.ANSWERS_PER_PAGE", 1)
    monkeypatch.setattr("madang.posts.queries.answers.ANSWERS_PER_PAGE", 1)
    post = ann.ask("A question")
    for number in range(3):
        bob.answer(post, f"Answer number {number}.")
    assert canonical(visitor, f"/posts/{post}?page=2&sort=newest") == f"/posts/{post}/a-question?page=2"


def test_a_question_is_data_for_search_engines(ann, bob, cho, visitor):
    post = ann.ask("Why </script><b> at all?", body="The *body* of </script> it.", tags="garden")
    answers = [bob.answer(post, "The right one."), cho.answer(post, "Another one.")]
    ann.post(f"/posts/{answers[0]}/accept", value=1)
    found = items(visitor, f"/posts/{post}")
    question = found["QAPage"]["mainEntity"]
    assert (question["name"], question["answerCount"]) == ("Why </script><b> at all?", 2)
    assert question["author"] == {"@type": "Person", "name": "ann", "url": "http://localhost/users/ann"}
    assert [each["text"] for each in question["suggestedAnswer"]] == ["Another one."]
    accepted = question["acceptedAnswer"]
    assert (accepted["text"], accepted["author"]["name"]) == ("The right one.", "bob")
    assert accepted["url"].endswith(f"#answer-{answers[0]}")
    names = [item["name"] for item in found["BreadcrumbList"]["itemListElement"]]
    assert names[0] == "Yard" and names[-1] == "Why </script><b> at all?" and len(names) == 3


def test_deleted_answers_and_authors_are_not_in_the_data(ann, bob, dan, visitor):
    post = ann.ask()
    answer = bob.answer(post, "A secret.")
    dan.post(f"/posts/{answer}/delete")
    assert items(visitor, f"/posts/{post}")["QAPage"]["mainEntity"]["suggestedAnswer"] == []
    kept = bob.answer(ann.ask("Another one"), "Stays.")
    assert bob.post("/settings/leave/delete", current_password=PASSWORD, username="bob").status_code == 302
    page = visitor.page(visitor.get(f"/posts/{kept}").location)
    assert "/users/bob" not in page
    (document,) = DATA.findall(page)
    (left,) = json.loads(document)["@graph"][0]["mainEntity"]["suggestedAnswer"]
    assert left["author"] == {"@type": "Person", "name": "deleted user"}


def test_a_talk_post_is_a_discussion(ann, visitor):
    post = ann.ask("Hello there", board="talk")
    data = items(visitor, f"/posts/{post}")["DiscussionForumPosting"]
    assert data["headline"] == "Hello there"
    assert {each["interactionType"].rpartition("/")[2] for each in data["interactionStatistic"]} == {
        "LikeAction",
        "CommentAction",
    }


@pytest.mark.parametrize("path", ["/boards/qa", "/tags/a", "/users/ann"])
def test_places_have_their_way(ann, visitor, path):
    ann.ask(tags="a")
    way = items(visitor, path)["BreadcrumbList"]["itemListElement"]
    assert [each["position"] for each in way] == [1, 2, 3]
    assert way[-1]["item"] == f"http://localhost{path}"


def test_errors_have_no_card(visitor):
    assert "og:title" not in visitor.get("/nothing").text


def test_members_are_sent_no_data_for_machines(ann):
    page = ann.page(f"/posts/{ann.ask()}")
    assert "ld+json" not in page and "og:title" not in page and 'name="description"' in page


@pytest.mark.parametrize("path", ["/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png"])
def test_icons_are_where_programs_look_for_them(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 200 and answer.mimetype.startswith("image/")


def test_password_managers_are_led_to_the_form(ann, visitor):
    """A visitor logs in first."""
    answer = ann.get("/.well-known/change-password")
    assert (answer.status_code, answer.location) == (302, "/settings/account#current_password")
    assert 'id="current_password"' in ann.page("/settings/account")
    assert visitor.get(visitor.get("/.well-known/change-password").location).location.startswith("/auth/login")


@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_the_bars_of_the_browser_have_the_colour_of_the_page(visitor, theme):
    if theme:
        visitor.client.set_cookie("theme", theme)
    assert len(re.findall('<meta name="theme-color"', visitor.page("/"))) == (1 if theme else 2)
