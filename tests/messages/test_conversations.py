"""Conversations of two people and of groups: writing, reading, errors, paging."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from markupsafe import escape

from madang.accounts.models import User
from madang.admin.operations.counters import differences
from madang.core.clock import at, now
from madang.core.db import transaction
from madang.core.web import rate_limits
from madang.messages.models import BODY_MAX
from madang.messages.operations.writing import write_system_message
from tests.api.programs import program_of

Send = Callable[[int, str, str], int]  # the conversation (0: a new one), recipient and text; returns the status


def write(person, to: str, body: str = "Shall we meet at the well?", **fields) -> int:
    """Post the form of a new conversation; return the conversation's id."""
    response = person.post("/messages/new", to=to, body=body, **fields)
    assert response.status_code == 302, response.text
    return int(re.match(r"/messages/(\d+)#message-\d+$", response.location)[1])


def unread(person) -> int:
    """The unread count in the top bar."""
    badge = re.search(r'id="unread-messages"( hidden)?>([^<]*)<', person.page("/users"))
    assert (badge[1] is None) == (badge[2] != "0")
    return int(badge[2])


@pytest.fixture(autouse=True)
def counts_are_right(app):
    yield
    with app.app_context():
        assert list(differences()) == []


def test_opening_a_conversation_marks_its_messages_read(ann, bob):
    conversation = write(ann, "bob")
    assert (unread(ann), unread(bob)) == (0, 1)
    inbox = bob.page("/messages")
    assert "Shall we meet at the well?" in inbox and ">1 new<" in inbox
    page = bob.page(f"/messages/{conversation}")
    assert "Shall we meet at the well?" in page
    assert 'id="unread-messages" hidden' in page, "the opened page has the new count"
    assert unread(bob) == 0
    assert ">1 new<" not in bob.page("/messages")


def test_the_author_sees_who_has_read_it(ann, bob, cho):
    pair, group = write(ann, "bob"), write(ann, "bob cho")
    assert ">Read<" not in ann.page(f"/messages/{pair}")
    bob.page(f"/messages/{pair}")
    bob.page(f"/messages/{group}")
    assert ">Read<" in re.sub(r"</svg>", ">", ann.page(f"/messages/{pair}")).replace(">>", ">")
    assert "Read by bob" in ann.page(f"/messages/{group}")
    cho.page(f"/messages/{group}")
    assert "Read by everyone" in ann.page(f"/messages/{group}")
    assert "Read by" not in bob.page(f"/messages/{group}"), "only on own messages"


def test_two_people_have_one_conversation(ann, bob):
    first = write(ann, "bob", "The first words.")
    assert write(bob, "@ANN", "The answer, by name.") == first
    bob.post(f"/messages/{first}", body="The answer, in place.")
    page = ann.page(f"/messages/{first}")
    messages = ["The answer, in place.", "The answer, by name.", "The first words."]
    assert sorted(messages, key=page.index) == messages, "newest first"


def test_naming_several_recipients_creates_a_group(ann, bob, cho, eve):
    group = write(ann, "bob, @cho ann", title="The well")
    for person in (bob, cho):
        assert unread(person) == 1
        assert "The well" in person.page("/messages")
    assert write(ann, "bob cho", "Something else altogether.") != group
    bob.post(f"/messages/{group}", body="I will come.")
    assert "I will come." in cho.page(f"/messages/{group}")
    eve.page(f"/messages/{group}", 404)


def test_the_latest_title_names_the_conversation(ann, bob):
    pair = write(ann, "bob", "The first words.", title="The well")
    assert write(bob, "ann", "The second words.") == pair
    assert "<h1>The well</h1>" in ann.page(f"/messages/{pair}")
    write(bob, "ann", "The third words.", title="The <b>bridge</b>")
    assert "<h1>The &lt;b&gt;bridge&lt;/b&gt;</h1>" in ann.page(f"/messages/{pair}")


def test_an_untitled_group_is_named_after_its_members(ann, bob, cho, dan, eve):
    group = write(ann, "bob cho dan eve")
    assert "<h1>bob, cho, dan, 1 more</h1>" in ann.page(f"/messages/{group}")
    eve.post(f"/messages/{group}/leave")
    assert "<h1>bob, cho, dan</h1>" in ann.page(f"/messages/{group}")
    assert "4 people" in ann.page(f"/messages/{group}")


def test_markdown_is_rendered_and_names_are_links(ann, bob):
    page = ann.page(f"/messages/{write(ann, 'bob', 'It is **loud** here, @bob. <script>alert(1)</script>')}")
    assert "<strong>loud</strong>" in page and 'href="/users/bob"' in page
    assert "<script>alert" not in page


def test_only_members_can_read_or_write(ann, bob, eve, dan, root, visitor):
    conversation = write(ann, "bob", "A secret word.")
    message = 1
    for person in (eve, dan, root):
        for path in ("", "/new?after=0", "/leave", f"/{message}/report", "?before=99"):
            assert "secret" not in person.page(f"/messages/{conversation}{path}", 404)
        for path in ("", "/leave", "/mute", f"/{message}/report"):
            assert person.post(f"/messages/{conversation}{path}", body="Me too!", reason="no").status_code == 404
        assert "secret" not in person.page("/messages")
    visitor.page(f"/messages/{conversation}", 404)
    assert "Me too!" not in ann.page(f"/messages/{conversation}")


def test_a_message_of_another_conversation_is_not_found(ann, bob, cho):
    with_bob, with_cho = write(ann, "bob", "For bob alone."), write(ann, "cho", "For cho alone.")
    other_message = re.search(r"message-(\d+)", ann.page(f"/messages/{with_bob}"))[1]
    cho.page(f"/messages/{with_cho}/{other_message}/report", 404)


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("", "Please enter a recipient."),
        (" , ,", "Please enter a recipient."),
        ("ann", "You cannot write to yourself."),
        ("nobody-here", "No one here is called nobody-here."),
        ("bob nobody-here", "No one here is called nobody-here."),
        ("b0b", "No one here is called b0b."),
        (" ".join(f"person{n}" for n in range(21)), "at most 20 people"),
        ("\0" * 50 + "\u202e", "Please enter a recipient."),
        ("x" * 5_000, "No one here is called"),
    ],
)
def test_invalid_recipients_show_an_error_and_keep_the_text(ann, bob, to, sentence):
    response = ann.post("/messages/new", to=to, body="Words that are kept.", title="A title")
    assert response.status_code == 422
    assert sentence in response.text
    assert 'id="to-error"' in response.text and "Words that are kept." in response.text and "A title" in response.text


def test_empty_and_too_long_messages_are_refused_and_the_text_kept(ann, bob):
    conversation = write(ann, "bob", "가" * BODY_MAX)
    for path in ("/messages/new", f"/messages/{conversation}"):
        assert "Please write a message." in ann.post(path, to="bob", body=" \n ").text
        too_long = "나" * (BODY_MAX + 1)
        response = ann.post(path, to="bob", body=too_long)
        assert (
            response.status_code == 422 and "at most 10,000 characters" in response.text and too_long in response.text
        )
    assert "at most 10,000" in ann.htmx(f"/messages/{conversation}", body=too_long).text


def test_a_long_title_is_refused(ann, bob):
    response = ann.post("/messages/new", to="bob", body="Hello there.", title="x" * 121)
    assert response.status_code == 422 and "Please shorten this to 120 characters." in response.text


def test_a_double_click_is_one_message(ann, bob, cho):
    for to in ("bob", "bob cho"):
        first = [ann.post("/messages/new", to=to, body="Only once, please.").location for _time in range(2)]
        assert first[0] == first[1]
    assert unread(bob) == 2
    conversation = write(ann, "bob", "Is it raining?")
    bob.post(f"/messages/{conversation}", body="yes")
    ann.post(f"/messages/{conversation}", body="And is it cold?")
    bob.post(f"/messages/{conversation}", body="yes")
    assert ann.page(f"/messages/{conversation}").count("<p>yes</p>") == 2, "the same text after another message is new"


def test_rate_limited_messages_keep_their_text(app, ann, bob):
    app.config["MESSAGE_LIMIT"] = "3 per minute"
    rate_limits.connect(None)
    conversation = write(ann, "bob")
    answers = [ann.post(f"/messages/{conversation}", body=f"Message {n}") for n in range(4)]
    assert [response.status_code for response in answers] == [302, 302, 429, 429]
    assert "Message 3" in answers[-1].text and "Too many attempts" in answers[-1].text


def by_form(person) -> Send:
    def send(conversation: int, to: str, body: str) -> int:
        return person.post(f"/messages/{conversation or 'new'}", to=to, body=body).status_code

    return send


def by_program(person) -> Send:
    client = program_of(person)

    def send(conversation: int, to: str, body: str) -> int:
        if conversation:
            return client.post(f"/conversations/{conversation}/messages", {"body": body}).status_code
        return client.post("/conversations", {"to": [to], "body": body}).status_code

    return send


@pytest.mark.parametrize("way", [by_form, by_program])
def test_a_refused_message_does_not_count_against_the_limit(app, ann, bob, cho, way):
    """Tried: nobody of that name, oneself, somebody who blocked one, no words, too many, a conversation of others."""
    conversation, others, send = write(ann, "bob"), write(bob, "cho"), way(ann)
    cho.post("/messages/blocks/ann")
    app.config["MESSAGE_LIMIT"] = "1 per minute"
    rate_limits.connect(None)
    long = "x" * (BODY_MAX + 1)
    for to, body in (("nobody_here", "Hello?"), ("ann", "Hello?"), ("cho", "Hello?"), ("bob", " "), ("bob", long)):
        assert send(0, to, body) == 422, to
    for body in ("", long):
        assert send(conversation, "", body) == 422
    assert send(others, "", "Let me in!") == 404
    assert send(conversation, "", "This one counts.") in (201, 302)
    for _time in range(2):
        assert send(conversation, "", "This one is too many.") == 429


def test_suspended_people_cannot_write_or_receive(app, ann, bob, dan):
    conversation = write(ann, "bob")
    with app.app_context(), transaction() as session:
        session.get(User, bob.id).suspended_until = now() + timedelta(days=1)
    assert bob.post(f"/messages/{conversation}", body="Let me out!").status_code == 403
    assert bob.get("/messages/new").status_code == 403
    assert "You cannot write here right now." in bob.page(f"/messages/{conversation}")
    for path in ("/messages/new", f"/messages/{conversation}"):
        response = ann.post(path, to="bob", body="Are you there?")
        assert response.status_code == 422
        assert "bob is suspended and cannot answer right now." in response.text and "Are you there?" in response.text
    write(dan, "bob", "This is why you are suspended.")
    assert unread(bob) == 1


def test_a_deleted_account_cannot_receive_messages(ann, bob):
    conversation = write(ann, "bob", "Before you go.")
    bob.post(f"/messages/{conversation}", body="Farewell to you.")
    bob.post("/settings/leave/delete", current_password="seven lanterns over water")
    page = ann.page(f"/messages/{conversation}")
    assert "Farewell to you." in page and "deleted user" in page and "This account has been deleted" in page
    assert "/users/bob" not in page
    response = ann.post(f"/messages/{conversation}", body="Come back!")
    assert response.status_code == 422 and "Come back!" in response.text
    assert "No one here is called bob" in ann.post("/messages/new", to="bob", body="Come back!").text
    assert "deleted user" in ann.page("/messages")


def test_system_messages_cannot_be_answered(app, ann):
    with app.app_context(), transaction():
        first = write_system_message(ann.id, body="Your words are **counted**.", now=now())
        again = write_system_message(ann.id, body="Your words are **counted**.", now=now())
        assert first.conversation_id == again.conversation_id and first.id != again.id
        conversation = first.conversation_id
        assert write_system_message(10**9, body="Is there anybody?", now=now()) is None
    assert unread(ann) == 2
    page = ann.page(f"/messages/{conversation}")
    assert "<strong>counted</strong>" in page and "From the site itself" in page
    assert "You cannot reply to messages from the site." in page
    assert ann.post(f"/messages/{conversation}", body="Thank you!").status_code == 403


def test_the_conversation_is_paged(ann, bob):
    conversation = write(ann, "bob", "Message number 0.")
    for number in range(1, 70):
        ann.post(f"/messages/{conversation}", body=f"Message number {number}.")
    seen, path = [], f"/messages/{conversation}"
    while path:
        page = bob.page(path)
        seen += [int(number) for number in re.findall(r"Message number (\d+)\.", page)]
        path = (re.findall(rf'href="(/messages/{conversation}\?before=\d+)"', page) or [None])[0]
    assert seen == list(range(69, -1, -1))
    for before in ("0", "-1", "x", "9" * 19, "9" * 40):
        assert bob.get(f"/messages/{conversation}?before={before}").status_code in (200, 404)


def test_the_inbox_is_paged_latest_first(people, ann):
    moment = now()
    for number in range(35):
        with at(moment + timedelta(seconds=number // 2)):  # two at each instant
            write(people[f"person{number:02}"], "ann", f"Greetings, I am number {number:02}.")
    page = ann.page("/messages")
    first = [int(number) for number in re.findall(r"I am number (\d+)", page)]
    older = re.search(r'href="(/messages\?before=[^"]+)"', page)[1]
    second = [int(number) for number in re.findall(r"I am number (\d+)", ann.page(older))]
    assert first + second == list(range(34, -1, -1))
    assert unread(ann) == 35
    for before in ("", "x", "-", "1-", "9" * 16 + "-" + "9" * 16, "9" * 50 + "-1", "١-١"):
        assert ann.get("/messages", query_string={"before": before}).status_code == 200


def test_newer_messages_come_as_a_fragment_and_are_marked_read(ann, bob, eve):
    conversation = write(ann, "bob", "The first words.")
    bob.page(f"/messages/{conversation}")
    last = re.search(r"message-(\d+)", ann.page(f"/messages/{conversation}"))[1]
    for words in ("The second words.", "The third words."):
        ann.post(f"/messages/{conversation}", body=words)
    piece = bob.page(f"/messages/{conversation}/new?after={last}")
    assert piece.index("The third words.") < piece.index("The second words.")
    assert "<html" not in piece and "The first words." not in piece
    assert unread(bob) == 0
    eve.page(f"/messages/{conversation}/new?after={last}", 404)
    bob.page(f"/messages/{conversation}/new?after=x", 404)
    assert "<li" not in bob.page(f"/messages/{conversation}/new?after={2**63 - 1}")


def test_htmx_posts_return_the_thread(ann, bob):
    conversation = write(ann, "bob", "The first words.")
    response = bob.htmx(f"/messages/{conversation}", body="The answer.")
    assert response.status_code == 200 and response.text.lstrip().startswith('<div id="thread">')
    assert "The answer." in response.text and "The first words." in response.text
    assert unread(bob) == 0 and unread(ann) == 1


def test_mark_all_as_read(ann, bob, cho):
    write(ann, "bob")
    group = write(cho, "bob ann")
    bob.post(f"/messages/{group}/mute", value="1")
    assert unread(bob) == 1
    bob.post("/messages/read")
    assert unread(bob) == 0
    inbox = bob.page("/messages")
    assert ">1 new<" not in inbox and "Mark all as read" not in inbox


def test_profile_and_card_link_to_a_new_message(ann, bob, visitor):
    for path in ("/users/bob", "/users/bob/card"):
        assert 'href="/messages/new?to=bob"' in ann.page(path)
        assert "/messages/new" not in bob.page(path)
        assert "/messages/new" not in visitor.page(path)
    assert 'value="bob"' in ann.page("/messages/new?to=bob")


def test_a_guest_has_an_inbox_but_cannot_start_conversations(people, ann):
    assert "Messages" in people.visitor().page("/messages")
    people.visitor().page("/messages/1", 404)
    guest = people.visitor()
    guest.page("/messages")
    assert guest.get("/messages/new?to=ann").location.startswith("/auth/login")
    guest.page("/messages/reports", 404)


@pytest.mark.parametrize(
    "title",
    ["운영자", "Yard 운영팀", "Moderators", "dan (Administrator)", "Guest 7KM2QX", "7KM2QX", "손님 7KM2QX", "Dan",
     "Yard Team", "운 영 자", "М0derators", "공식 계정", "Yard", "관리ㅈㅏ"],
)  # fmt: skip
def test_a_title_claims_no_role_and_no_name_of_staff(root, dan, eve, ann, bob, title: str):
    """It stands where names of people stand, in the inbox and in mails."""
    refused = eve.post("/messages/new", to="ann, bob", body="Send me your password.", title=title)
    assert refused.status_code == 422 and "name is reserved" in refused.text
    sent = {"to": ["ann", "bob"], "body": "Send me your password.", "title": title}
    assert [*program_of(eve).post("/conversations", sent).json["errors"]] == ["title"]
    assert dan.post("/messages/new", to="ann, bob", body="We have a question.", title=title).status_code == 302


@pytest.mark.parametrize(
    "title", ["The well", "Padmini's garden", "Official_fan club", "이사 준비", "7월 모임", "밥 먹어요"]
)
def test_other_titles_are_free_and_stand_beside_names(ann, bob, eve, title: str):
    write(eve, "ann, bob", title=title)
    page = ann.page("/messages")
    assert escape(title) in page and "<span>bob, eve</span>" in page
