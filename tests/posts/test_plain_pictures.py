"""Pictures that come along with a form, for those whose browser runs no script."""

import re
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy.exc import OperationalError

from madang.core.storage import pictures as files
from madang.core.web import application
from madang.posts.operations import attaching
from madang.posts.views import writing
from tests.core.test_files import _picture
from tests.posts.test_at_once import between  # noqa: F401  (a fixture)
from tests.posts.test_gallery import gallery  # noqa: F401  (a fixture)

TITLE = "Which leaf is this?"
BODY = "It lay in the yard this morning."
NOT_ONE = b"only words"
OWN = re.compile(r"!\[([^\]]*)\]\((/files/[0-9a-f]{32}\.\w+)\)")


def _leaf(colour: int = 120) -> bytes:
    return _picture(size=(32, 16), color=(colour, 90, 40))


def _files(*pictures: tuple[str, bytes] | bytes) -> list[tuple[BytesIO, str]]:
    named = [picture if isinstance(picture, tuple) else ("leaf.png", picture) for picture in pictures]
    return [(BytesIO(content), name) for name, content in named]


def _ask(person, *pictures, board: str = "qa", title: str = TITLE, body: str = BODY, **fields):
    return person.post("/posts/new", board=board, title=title, body=body, tags="", pictures=_files(*pictures), **fields)


def _text(page: str) -> str:
    form = page.partition('enctype="multipart/form-data"')[2]
    return unescape(re.search(r'<textarea[^>]*name="body"[^>]*>\s*(.*?)</textarea>', form, re.S)[1])


def _shown(page: str) -> list[str]:
    return re.findall(r'<img [^>]*src="(/files/[^"]+)"', page)


def _refused(answer, words: str, status: int = 422) -> str:
    """What stands in the text of a form that was refused with `words` at its pictures."""
    assert answer.status_code == status, answer.text
    assert words in re.search(r'id="pictures-error">.*?</p>', answer.text, re.S)[0]
    return _text(answer.text)


@pytest.mark.parametrize("path", ["/posts/new", "/questions/ask"])
def test_the_form_has_a_field_for_pictures(ann, path):
    page = ann.page(path)
    assert 'enctype="multipart/form-data"' in page
    assert re.search(r'<input [^>]*multiple[^>]*name="pictures"[^>]*type="file"', page)
    assert "Add the pictures to the text" in page


def test_a_question_comes_with_its_pictures(ann, visitor):
    page = ann.follow(_ask(ann, ("my leaf.png", _leaf()), ("tree_2.png", _leaf(200))))
    pictures = _shown(page)
    assert len(pictures) == 2
    assert 'alt="my leaf"' in page
    assert 'alt="tree 2"' in page
    assert 'width="32" height="16"' in page
    assert visitor.get(pictures[0]).status_code == 200


def test_without_any_a_post_is_as_ever(ann):
    answer = ann.post("/posts/new", board="qa", title=TITLE, body=BODY, tags="", pictures=(BytesIO(), ""))
    assert BODY in ann.follow(answer)


def test_an_answer_and_an_edit_come_with_pictures_too(ann, bob):
    question = ann.ask()
    sent = bob.post(f"/posts/{question}/answers", body="It is an oak.", pictures=_files(_leaf()))
    answer = re.search(r"#answer-(\d+)", sent.location)[1]
    assert len(_shown(bob.follow(sent))) == 1
    edited = bob.post(f"/posts/{answer}/edit", body="It is an elm.", version="1", pictures=_files(_leaf(7)))
    page = bob.follow(edited)
    assert len(_shown(page)) == 1
    assert "It is an elm." in page


def test_the_same_words_and_pictures_twice_are_one_post(ann):
    assert _ask(ann, _leaf()).location == _ask(ann, _leaf()).location
    assert _ask(ann, _leaf()).location != _ask(ann, _leaf(200)).location


def test_the_same_picture_at_the_same_instant_is_one(ann, between):  # noqa: F811
    earlier = []
    between(attaching, "keep_picture", lambda: earlier.append(_ask(ann, _leaf()).location))
    assert _ask(ann, _leaf()).location == earlier[0]


def test_only_to_add_them_gives_the_form_back(ann, visitor):
    answer = _ask(ann, ("a.png", _leaf()), ("b.png", _leaf(9)), title="Hm", add="")
    assert answer.status_code == 200
    assert "2 pictures stand at the end of the text." in answer.text
    body = _text(answer.text)
    assert body.startswith(BODY)
    assert [name for name, _url in OWN.findall(body)] == ["a", "b"]
    assert 'value="Hm"' in answer.text
    assert TITLE not in visitor.page("/")
    posted = _ask(ann, body=body)
    assert len(_shown(ann.follow(posted))) == 2


def test_only_to_add_them_to_an_answer_and_to_an_edit(ann, bob):
    question = ann.ask()
    page = bob.post(f"/posts/{question}/answers", body="Oak", pictures=_files(_leaf()), add="").text
    assert re.match(r"Oak\s+!\[leaf\]", _text(page))
    assert f'action="/posts/{question}/answers#write"' in page
    answer = ann.post(f"/posts/{question}/edit", title=TITLE, body=BODY, version="1", pictures=_files(_leaf()), add="")
    assert answer.status_code == 200
    assert OWN.search(_text(answer.text))
    assert 'name="version" value="1"' in answer.text
    assert OWN.search(_text(answer.text))[2] not in ann.page(f"/posts/{question}")


def test_adding_none_is_said_so(ann):
    assert _refused(_ask(ann, add=""), "Please choose a picture.").strip() == BODY


def test_pictures_are_not_lost_when_the_words_are_refused(ann, visitor):
    answer = _ask(ann, _leaf(), title="Hm")
    assert answer.status_code == 422
    assert "A title has 5 to 150 characters." in answer.text
    assert "The picture stands at the end of the text." in answer.text
    body = _text(answer.text)
    assert visitor.get(OWN.search(body)[2]).status_code == 200
    assert len(_shown(ann.follow(_ask(ann, body=body)))) == 1


@pytest.mark.parametrize("add", [{}, {"add": ""}])
def test_what_is_no_picture_is_named_and_the_others_stay(ann, visitor, add):
    answer = _ask(ann, _leaf(), ("notes<b>.txt", NOT_ONE), ("b.png", _leaf(9)), **add)
    body = _refused(answer, "notes&lt;b&gt;.txt: This is not a picture we can read.")
    assert len(OWN.findall(body)) == 2
    assert body.startswith(BODY)
    assert TITLE not in visitor.page("/")


def test_the_refusal_is_korean_for_cho(cho):
    assert "읽을 수" in re.search(r'id="pictures-error">.*?</p>', _ask(cho, NOT_ONE).text, re.S)[0]


def test_one_that_is_too_large_is_refused_in_its_place(app, ann, monkeypatch):
    monkeypatch.setattr("madang.core.storage.pictures.MAX_PICTURE_BYTES", 200)
    answer = _ask(ann, _leaf(), ("large.png", _leaf() + b"\0" * 500))
    assert len(OWN.findall(_refused(answer, "large.png: A picture may have up to 10 MB."))) == 1


def test_too_many_at_once_are_refused_and_those_before_stay(app, ann):
    app.config["UPLOAD_LIMIT"] = "2 per hour"
    body = _refused(_ask(ann, _leaf(1), _leaf(2), _leaf(3), _leaf(4)), "")
    assert len(OWN.findall(body)) == 2


def test_too_much_on_one_day_is_refused(ann, monkeypatch):
    monkeypatch.setattr("madang.posts.operations.attaching.BYTES_A_DAY", -1)
    _refused(_ask(ann, _leaf()), "Please send more tomorrow")


def test_a_text_that_has_no_room_for_them_is_kept(ann):
    answer = _ask(ann, _leaf(), body="x " * 49_995)
    assert answer.status_code == 422
    assert "Please shorten it." in answer.text
    assert OWN.search(_text(answer.text))


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
def test_whatever_a_file_is_called_its_picture_is_shown_and_nothing_else(ann, bob, name):
    page = ann.follow(_ask(ann, (name, _leaf())))
    assert len(_shown(page)) == 1
    text = page.partition(f"<p>{BODY}")[2].partition("</div>")[0]
    assert "<a " not in text
    assert "<b>" not in text
    assert "javascript" not in re.sub(r'alt="[^"]*"', "", text)


@pytest.mark.parametrize("sent", ["words", "", "\0"])
def test_words_in_the_place_of_pictures_are_passed_over(ann, sent):
    assert BODY in ann.follow(ann.post("/posts/new", board="qa", title=TITLE, body=BODY, pictures=sent))


def test_a_file_in_the_place_of_words_is_no_error_of_ours(ann):
    assert ann.post("/posts/new", board="qa", title=TITLE, body=(BytesIO(_leaf()), "a.png")).status_code == 422


def test_who_may_not_write_there_adds_no_pictures(ann, bob, dan, eve, visitor):
    question = ann.ask()
    for fields in ({}, {"add": ""}):
        path = f"/posts/{question}/edit"
        assert (
            eve.post(path, title=TITLE, body=BODY, version="1", pictures=_files(_leaf()), **fields).status_code == 403
        )
    dan.post(f"/posts/{question}/lock", value="1")
    answer = bob.post(f"/posts/{question}/answers", body=BODY, pictures=_files(_leaf()), add="")
    assert answer.status_code == 403
    sent = visitor.post("/posts/new", board="qa", title=TITLE, body=BODY, pictures=_files(_leaf()))
    assert sent.location.startswith("/auth/login")


def test_an_expired_form_says_that_pictures_have_to_be_chosen_once_more(ann):
    fields = {"title": TITLE, "body": BODY, "csrf_token": "forged"}
    answer = ann.client.post(
        "/posts/new", data=fields | {"pictures": _files(_leaf())}, headers={"Origin": "http://localhost"}
    )
    assert answer.status_code == 400
    assert "Only the pictures have to be chosen once more." in answer.text
    assert BODY in answer.text
    assert "pictures have to" not in ann.client.post("/posts/new", data=fields | {"pictures": (BytesIO(), "")}).text


def test_a_picture_of_one_is_not_that_of_another(ann, bob):
    addresses = {OWN.search(_text(_ask(person, _leaf(), add="").text))[2] for person in (ann, bob, ann)}
    assert len(addresses) == 2


def test_a_transaction_given_up_for_another_s_is_done_again_with_its_pictures(app, ann, monkeypatch):
    original, tries = writing.publish_post, []

    def given_up_once(*args, **kwargs):
        tries.append(kwargs["body"])
        if len(tries) == 1:
            raise OperationalError("INSERT", {}, Exception(1213, "Deadlock found when trying to get lock"))
        return original(*args, **kwargs)

    monkeypatch.setattr(writing, "publish_post", given_up_once)
    monkeypatch.setattr(application, "sleep", lambda seconds: None)
    page = ann.follow(_ask(ann, _leaf()))
    assert len(_shown(page)) == 1
    assert tries[0] == tries[1]


def test_a_picture_whose_file_is_gone_can_be_sent_again(app, ann, visitor):
    url = OWN.search(_text(_ask(ann, _leaf(), add="").text))[2]
    with app.app_context():
        files.remove(url.rpartition("/")[2])
    assert visitor.get(url).status_code == 404
    assert _ask(ann, _leaf()).status_code == 302
    assert visitor.get(url).status_code == 200


def test_a_post_of_a_gallery_wants_a_picture(gallery, ann, dan, visitor):  # noqa: F811
    refused = _ask(ann, board="pictures")
    assert refused.status_code == 422
    assert "A post of this board shows a picture." in re.search(r'id="body-error">.*?</p>', refused.text, re.S)[0]
    assert BODY in _text(refused.text)
    posted = _ask(ann, _leaf(), board="pictures")
    post = re.search(r"/posts/(\d+)", posted.location)[1]
    without = ann.post(f"/posts/{post}/edit", title=TITLE, body=BODY, version="1")
    assert without.status_code == 422
    assert "shows a picture" in without.text
    talk = ann.ask(TITLE, BODY, board="talk")
    dan.post(f"/posts/{talk}/move", board="pictures")
    assert ann.post(f"/posts/{talk}/edit", title=TITLE, body=BODY + "!", version="1").status_code == 302
