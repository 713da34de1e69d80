"""Picture uploads within the form of a text, for browsers without JavaScript."""

import re
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy.exc import OperationalError

from madang.core.storage import pictures as files
from madang.core.web import application
from madang.posts.operations import pictures as attaching
from madang.posts.views import writing
from tests.core.storage.test_pictures import _picture
from tests.posts.test_gallery import gallery  # noqa: F401  (a fixture)
from tests.posts.test_races import between  # noqa: F401  (a fixture)

TITLE = "Which leaf is this?"
BODY = "It lay in the yard this morning."
NOT_A_PICTURE = b"only words"
PICTURE_MARKDOWN = re.compile(r"!\[([^\]]*)\]\((/files/[0-9a-f]{32}\.\w+)\)")


def _picture_bytes(colour: int = 120) -> bytes:
    return _picture(size=(32, 16), color=(colour, 90, 40))


def _files(*pictures: tuple[str, bytes] | bytes) -> list[tuple[BytesIO, str]]:
    named = [picture if isinstance(picture, tuple) else ("leaf.png", picture) for picture in pictures]
    return [(BytesIO(content), name) for name, content in named]


def _ask(person, *pictures, board: str = "qa", title: str = TITLE, body: str = BODY, **fields):
    return person.post("/posts/new", board=board, title=title, body=body, tags="", pictures=_files(*pictures), **fields)


def _form_body(page: str) -> str:
    form = page.partition('enctype="multipart/form-data"')[2]
    return unescape(re.search(r'<textarea[^>]*name="body"[^>]*>\s*(.*?)</textarea>', form, re.S)[1])


def _picture_addresses(page: str) -> list[str]:
    return re.findall(r'<img [^>]*src="(/files/[^"]+)"', page)


def _refused_body(answer, words: str, status: int = 422) -> str:
    """The text in a form that was refused with the error `words` at its pictures."""
    assert answer.status_code == status, answer.text
    assert words in re.search(r'id="pictures-error">.*?</p>', answer.text, re.S)[0]
    return _form_body(answer.text)


@pytest.mark.parametrize("path", ["/posts/new", "/questions/ask"])
def test_the_form_has_a_field_for_pictures(ann, path):
    page = ann.page(path)
    assert 'enctype="multipart/form-data"' in page
    assert re.search(r'<input [^>]*multiple[^>]*name="pictures"[^>]*type="file"', page)
    assert "Add the pictures to the text" in page


def test_a_question_comes_with_its_pictures(ann, visitor):
    page = ann.follow(_ask(ann, ("my leaf.png", _picture_bytes()), ("tree_2.png", _picture_bytes(200))))
    pictures = _picture_addresses(page)
    assert len(pictures) == 2
    assert 'alt="my leaf"' in page
    assert 'alt="tree 2"' in page
    assert 'width="32" height="16"' in page
    assert visitor.get(pictures[0]).status_code == 200


def test_a_post_without_pictures_needs_none(ann):
    answer = ann.post("/posts/new", board="qa", title=TITLE, body=BODY, tags="", pictures=(BytesIO(), ""))
    assert BODY in ann.follow(answer)


def test_answers_and_edits_accept_pictures_too(ann, bob):
    question = ann.ask()
    sent = bob.post(f"/posts/{question}/answers", body="It is an oak.", pictures=_files(_picture_bytes()))
    answer = re.search(r"#answer-(\d+)", sent.location)[1]
    assert len(_picture_addresses(bob.follow(sent))) == 1
    edited = bob.post(f"/posts/{answer}/edit", body="It is an elm.", version="1", pictures=_files(_picture_bytes(7)))
    page = bob.follow(edited)
    assert len(_picture_addresses(page)) == 1
    assert "It is an elm." in page


def test_a_repeated_submission_with_pictures_is_one_post(ann):
    assert _ask(ann, _picture_bytes()).location == _ask(ann, _picture_bytes()).location
    assert _ask(ann, _picture_bytes()).location != _ask(ann, _picture_bytes(200)).location


def test_simultaneous_uploads_of_a_picture_are_one_file(ann, between):  # noqa: F811
    locations = []
    between(attaching, "store_picture", lambda: locations.append(_ask(ann, _picture_bytes()).location))
    assert _ask(ann, _picture_bytes()).location == locations[0]


def test_adding_pictures_shows_the_form_again_without_posting(ann, visitor):
    answer = _ask(ann, ("a.png", _picture_bytes()), ("b.png", _picture_bytes(9)), title="H", add="")
    assert answer.status_code == 200
    assert "2 pictures have been added at the end of the text." in answer.text
    body = _form_body(answer.text)
    assert body.startswith(BODY)
    assert [name for name, _url in PICTURE_MARKDOWN.findall(body)] == ["a", "b"]
    assert 'value="H"' in answer.text
    assert TITLE not in visitor.page("/")
    posted = _ask(ann, body=body)
    assert len(_picture_addresses(ann.follow(posted))) == 2


def test_adding_pictures_to_an_answer_or_edit_shows_the_form_again(ann, bob):
    question = ann.ask()
    page = bob.post(f"/posts/{question}/answers", body="Oak", pictures=_files(_picture_bytes()), add="").text
    assert re.match(r"Oak\s+!\[leaf\]", _form_body(page))
    assert f'action="/posts/{question}/answers#write"' in page
    answer = ann.post(
        f"/posts/{question}/edit", title=TITLE, body=BODY, version="1", pictures=_files(_picture_bytes()), add=""
    )
    assert answer.status_code == 200
    assert PICTURE_MARKDOWN.search(_form_body(answer.text))
    assert 'name="version" value="1"' in answer.text
    assert PICTURE_MARKDOWN.search(_form_body(answer.text))[2] not in ann.page(f"/posts/{question}")


def test_adding_no_picture_is_an_error(ann):
    assert _refused_body(_ask(ann, add=""), "Please choose a picture.").strip() == BODY


def test_pictures_stay_in_the_text_when_other_fields_are_refused(ann, visitor):
    answer = _ask(ann, _picture_bytes(), title="H")
    assert answer.status_code == 422
    assert "Titles have 2 to 150 characters." in answer.text
    assert "The picture has been added at the end of the text." in answer.text
    body = _form_body(answer.text)
    assert visitor.get(PICTURE_MARKDOWN.search(body)[2]).status_code == 200
    assert len(_picture_addresses(ann.follow(_ask(ann, body=body)))) == 1


@pytest.mark.parametrize("add", [{}, {"add": ""}])
def test_a_file_that_is_no_picture_is_named_and_the_others_are_added(ann, visitor, add):
    answer = _ask(ann, _picture_bytes(), ("notes<b>.txt", NOT_A_PICTURE), ("b.png", _picture_bytes(9)), **add)
    body = _refused_body(answer, "notes&lt;b&gt;.txt: This is not a picture we can read.")
    assert len(PICTURE_MARKDOWN.findall(body)) == 2
    assert body.startswith(BODY)
    assert TITLE not in visitor.page("/")


def test_upload_errors_are_translated(cho):
    assert "읽을 수" in re.search(r'id="pictures-error">.*?</p>', _ask(cho, NOT_A_PICTURE).text, re.S)[0]


def test_a_too_large_picture_is_refused_by_name(app, ann, monkeypatch):
    monkeypatch.setattr("madang.core.storage.pictures.MAX_PICTURE_BYTES", 200)
    answer = _ask(ann, _picture_bytes(), ("large.png", _picture_bytes() + b"\0" * 500))
    assert len(PICTURE_MARKDOWN.findall(_refused_body(answer, "large.png: A picture may have up to 10 MB."))) == 1


def test_uploads_above_the_rate_limit_are_refused_and_the_earlier_ones_added(app, ann):
    app.config["UPLOAD_LIMIT"] = "2 per hour"
    body = _refused_body(_ask(ann, _picture_bytes(1), _picture_bytes(2), _picture_bytes(3), _picture_bytes(4)), "")
    assert len(PICTURE_MARKDOWN.findall(body)) == 2


def test_uploads_above_the_daily_limit_are_refused(ann, monkeypatch):
    monkeypatch.setattr("madang.posts.operations.pictures.MAX_BYTES_PER_DAY", -1)
    _refused_body(_ask(ann, _picture_bytes()), "Please send more tomorrow")


def test_a_text_made_too_long_by_a_picture_is_shown_again(ann):
    answer = _ask(ann, _picture_bytes(), body="x " * 49_995)
    assert answer.status_code == 422
    assert "Please shorten it." in answer.text
    assert PICTURE_MARKDOWN.search(_form_body(answer.text))


@pytest.mark.parametrize(
    "name",
    [
        "](javascript:alert(1)).png",
        "a](http://x.example) ![b.png",
        "@ann #tag `code` <b>.png",
        "www.example.com.png",
        "한글 이름.png",
        "\u202egnp.exe",
        "x" * 3000,
        "..",
        "(((((",
        "_*_*_.png",
    ],
)
def test_file_names_cannot_inject_markup(ann, bob, name):
    page = ann.follow(_ask(ann, (name, _picture_bytes())))
    assert len(_picture_addresses(page)) == 1
    text = page.partition(f"<p>{BODY}")[2].partition("</div>")[0]
    assert text.count("<a ") == text.count('<a class="zoom" href="/files/') == 1
    assert "<b>" not in text
    assert "javascript" not in re.sub(r'alt="[^"]*"', "", text)


@pytest.mark.parametrize("sent", ["words", "", "\0"])
def test_text_in_the_pictures_field_is_ignored(ann, sent):
    assert BODY in ann.follow(ann.post("/posts/new", board="qa", title=TITLE, body=BODY, pictures=sent))


def test_a_file_in_the_body_field_is_refused(ann):
    assert ann.post("/posts/new", board="qa", title=TITLE, body=(BytesIO(_picture_bytes()), "a.png")).status_code == 422


def test_pictures_are_refused_from_those_who_cannot_write(ann, bob, dan, eve, visitor):
    question = ann.ask()
    for fields in ({}, {"add": ""}):
        path = f"/posts/{question}/edit"
        assert (
            eve.post(path, title=TITLE, body=BODY, version="1", pictures=_files(_picture_bytes()), **fields).status_code
            == 403
        )
    dan.post(f"/posts/{question}/lock", value="1")
    answer = bob.post(f"/posts/{question}/answers", body=BODY, pictures=_files(_picture_bytes()), add="")
    assert answer.status_code == 403
    sent = visitor.post("/posts/new", board="qa", title=TITLE, body=BODY, pictures=_files(_picture_bytes()))
    assert sent.location.startswith("/auth/login")


def test_an_expired_form_asks_to_choose_the_pictures_again(ann):
    fields = {"title": TITLE, "body": BODY, "csrf_token": "forged"}
    answer = ann.client.post(
        "/posts/new", data=fields | {"pictures": _files(_picture_bytes())}, headers={"Origin": "http://localhost"}
    )
    assert answer.status_code == 400
    assert "You only need to choose the pictures again." in answer.text
    assert BODY in answer.text
    assert (
        "choose the pictures again"
        not in ann.client.post("/posts/new", data=fields | {"pictures": (BytesIO(), "")}).text
    )


def test_the_same_picture_of_two_people_is_two_files(ann, bob):
    addresses = {
        PICTURE_MARKDOWN.search(_form_body(_ask(person, _picture_bytes(), add="").text))[2]
        for person in (ann, bob, ann)
    }
    assert len(addresses) == 2


def test_a_deadlocked_request_is_retried_with_its_pictures(app, ann, monkeypatch):
    original, tries = writing.publish_post, []

    def fail_once(*args, **kwargs):
        tries.append(kwargs["body"])
        if len(tries) == 1:
            raise OperationalError("INSERT", {}, Exception(1213, "Deadlock found when trying to get lock"))
        return original(*args, **kwargs)

    monkeypatch.setattr(writing, "publish_post", fail_once)
    monkeypatch.setattr(application, "sleep", lambda seconds: None)
    page = ann.follow(_ask(ann, _picture_bytes()))
    assert len(_picture_addresses(page)) == 1
    assert tries[0] == tries[1]


def test_a_picture_whose_file_is_missing_can_be_uploaded_again(app, ann, visitor):
    url = PICTURE_MARKDOWN.search(_form_body(_ask(ann, _picture_bytes(), add="").text))[2]
    with app.app_context():
        files.delete_files(url.rpartition("/")[2])
    assert visitor.get(url).status_code == 404
    assert _ask(ann, _picture_bytes()).status_code == 302
    assert visitor.get(url).status_code == 200


def test_a_gallery_post_needs_a_picture(gallery, ann, dan, visitor):  # noqa: F811
    refused = _ask(ann, board="pictures")
    assert refused.status_code == 422
    assert "Posts on this board need a picture." in re.search(r'id="body-error">.*?</p>', refused.text, re.S)[0]
    assert BODY in _form_body(refused.text)
    posted = _ask(ann, _picture_bytes(), board="pictures")
    post = re.search(r"/posts/(\d+)", posted.location)[1]
    without = ann.post(f"/posts/{post}/edit", title=TITLE, body=BODY, version="1")
    assert without.status_code == 422
    assert "need a picture" in without.text
    talk = ann.ask(TITLE, BODY, board="talk")
    dan.post(f"/posts/{talk}/move", board="pictures")
    assert ann.post(f"/posts/{talk}/edit", title=TITLE, body=BODY + "!", version="1").status_code == 302
