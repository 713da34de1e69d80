"""Invalid input to pages: no server errors, sentences as messages, submitted text shown again."""

import re
from io import BytesIO
from urllib.parse import quote, quote_from_bytes

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from madang.core.i18n import _, use_locale
from madang.core.markdown.renderer import MAX_BODY

from .people import BODY, PASSWORD, Person

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# They would end the session that the next example needs.
SESSION_ENDING_RULES = {"/auth/logout", "/settings/sessions/<int:session_id>/end", "/settings/leave/delete"}
bounded = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

# Valid values, except those that would log the browser in as another account.
VALID_FIELDS = {
    "board": "qa", "title": "How do I move a yard?", "body": BODY, "tags": "yard", "value": "1", "version": "1",
    "summary": "", "reason": "unclear", "duplicate_of": "", "parent_id": "", "key": "post",
    "username": "x", "email": "newcomer@example.org", "password": PASSWORD, "password2": PASSWORD,
    "current_password": "not it", "next": "/", "remember": "y", "display_name": "Ann", "bio": "", "website": "",
    "location": "", "locale": "ko", "timezone": "Asia/Seoul", "theme": "dark", "excerpt": "", "description": "",
    "code": "AAAA-AAAA", "site_name": "Yard", "to": "bob",
    "name": "Garden", "role": "member", "until": "2030-01-01", "content": "remove", "into": "bob", "slug": "garden",
    "kind": "talk", "position": "3", "synonym": "lawn", "confirmed": "1",
}  # fmt: skip
QUERY_NAMES = ["q", "kw", "page", "sort", "tag", "board", "kind", "tab", "title", "next", "from", "csrf_token"]
QUERY_NAMES += ["to", "before", "after", "into", "role", "state", "verb", "id"]
MALFORMED = [
    "", " ", "\0", "a\0b", "\r\n", "\x7f\x1b[31m", "\u200b\u2060\ufeff", "\u202eabc\u2066", "\u061c", "🏡" * 50,
    "👩‍👩‍👧‍👦", "𠮷野家", "\ud800", "a\udfffb", "\ud83c\udfe1", "\ufffe\uffff", "e\u0301" * 40,
    "e" + "\u0301" * 5000, "ﬁ½²", "İıſß", "\u1100\u1161" * 30, "가" * 1001, "x" * 200_000, "한" * 70_000,
    "[" * 20_000, "> " * 5000, "`" * 3000, "<script>alert(1)</script>", "' OR 1=1 --", "%s%n%(x)s{0}",
    "{{ 7*7 }}", "../../etc/passwd", "//evil.example", "javascript:alert(1)", "@everyone @ann", "#" * 300, "-1",
    "0", "1.5", "1e9", "NaN", "٣", "１", "9" * 19, "9" * 20, "9" * 5000, str(2**31), str(2**63 - 1),
    "-" + "9" * 30, "true", "2026-99-99", "http://[", "http://" + "a" * 300 + ".example",
    "a@" + "b" * 300 + ".example", "\U0010ffff",
]  # fmt: skip
malformed = st.one_of(st.sampled_from(MALFORMED), st.text(max_size=60), st.text(alphabet=st.characters(), max_size=20))
SENTENCE = re.compile(r'data-error>[^<]+[.!?요]|class="field-error"|class="notice [^"]*"|Nothing is lost')


def _quoted(value: str) -> str:
    """Quote a value for a form or a URL; lone surrogates become bytes that are no UTF-8."""
    return quote_from_bytes(value.encode("utf-8", "surrogatepass"), safe="")


def _encoded(fields: dict[str, str]) -> bytes:
    return "&".join(f"{quote(name)}={_quoted(value)}" for name, value in fields.items()).encode()


def _check(answer, about: str) -> None:
    assert answer.status_code < 500, f"{about}: {answer.text[:300]}"
    if answer.status_code < 400:
        return
    if answer.mimetype == "application/problem+json":
        assert re.search(r"[.!?]$", answer.json["detail"]), about
    elif answer.mimetype == "text/html":
        assert SENTENCE.search(answer.text), f"{about}: {answer.status_code} without a sentence"
    else:
        assert answer.mimetype == "text/plain", about
        assert re.search(r"[.!?]$", answer.text), f"{about}: {answer.text}"


class UrlSource:
    """URLs of existing and of unknown subjects, for every rule."""

    def __init__(self, app: Flask, ann: Person, bob: Person) -> None:
        self.question = ann.ask(tags="yard")
        self.talk = ann.ask("Just saying hello", board="talk")
        self.answer = bob.answer(self.question)
        self.comment = bob.comment(self.question)
        response = bob.post("/messages/new", to="ann", body="Shall we meet at the well?")
        self.conversation = int(re.search(r"/messages/(\d+)", response.location)[1])
        self.app = app

    def rules(self, *, unsafe: bool) -> list[Rule]:
        rules = [rule for rule in self.app.url_map.iter_rules() if bool(rule.methods & UNSAFE) == unsafe]
        rules = [rule for rule in rules if not (unsafe and rule.rule.startswith("/api/"))]  # API routes read no forms
        return sorted((rule for rule in rules if rule.rule not in SESSION_ENDING_RULES), key=str)

    def url(self, rule: Rule, data: st.DataObject) -> str:
        known = [self.question, self.talk, self.answer, self.comment, self.conversation]
        numbers = st.sampled_from([*known, 1, 0, 10**6, 2**63 - 1, 2**63])
        words = st.one_of(
            st.sampled_from(["qa", "talk", "yard", "ann", "ko", "a.webp"]), malformed.map(lambda text: text[:2000])
        )

        def fill(place: re.Match[str]) -> str:
            if place[1] == "int":
                return str(data.draw(numbers))
            return _quoted(data.draw(words))

        return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", fill, rule.rule)


@pytest.fixture
def urls(app, ann, bob) -> UrlSource:
    return UrlSource(app, ann, bob)


@pytest.fixture
def callers(ann, dan, root, people) -> dict[str, Person]:
    callers = {"member": ann, "moderator": dan, "admin": root, "visitor": people.visitor()}
    for person in callers.values():
        assert person.token
    return callers


@bounded
@given(data=st.data())
def test_no_form_causes_a_server_error(urls: UrlSource, callers: dict[str, Person], data: st.DataObject):
    person = callers[data.draw(st.sampled_from(sorted(callers)))]
    rule = data.draw(st.sampled_from(urls.rules(unsafe=True)))
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(VALID_FIELDS)), malformed, min_size=1, max_size=4))
    missing = data.draw(st.sets(st.sampled_from(sorted(VALID_FIELDS)), max_size=3))
    fields = {name: value for name, value in {**VALID_FIELDS, **changed}.items() if name not in missing}
    headers = {"HX-Request": "true"} if data.draw(st.booleans()) else {}
    path = urls.url(rule, data)
    if person.username is None:
        person._token = ""  # a visitor may have become a guest by the form before
    answer = person.client.post(
        path,
        data=_encoded({"csrf_token": person.token, **fields}),
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )
    assert answer.status_code != 400, "the token is good"
    _check(answer, f"{rule.rule} {path[:100]} {sorted(changed)}")


@bounded
@given(data=st.data())
def test_no_url_causes_a_server_error(urls: UrlSource, callers: dict[str, Person], data: st.DataObject):
    person = callers[data.draw(st.sampled_from(sorted(callers)))]
    rule = data.draw(st.sampled_from(urls.rules(unsafe=False)))
    query = data.draw(
        st.dictionaries(st.sampled_from(QUERY_NAMES), malformed.map(lambda text: text[:3000]), max_size=4)
    )
    path = urls.url(rule, data)
    headers = {"HX-Request": "true"} if data.draw(st.booleans()) else {}
    answer = person.client.get(path, query_string=_encoded(query).decode(), headers=headers)
    _check(answer, f"{path[:100]}?{sorted(query)}")


FILES = [b"", b"GIF89a", b"\xff\xd8\xff", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"\0" * 5000]


@settings(bounded, max_examples=30)
@given(content=st.one_of(st.sampled_from(FILES), st.binary(max_size=300)), name=malformed.map(lambda text: text[:200]))
@pytest.mark.parametrize("path", ["/files", "/settings/avatar", "/posts/new"])
def test_no_uploaded_file_causes_a_server_error(ann, path, content, name):
    name = name.encode("utf-8", "replace").decode().replace("\r", "").replace("\n", "")
    field = "pictures" if path == "/posts/new" else "file"
    answer = ann.client.post(path, data={"csrf_token": ann.token, field: (BytesIO(content), name, "image/png")})
    _check(answer, f"{path} {name!r}")


PARTS, PAIRS = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"
PART = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n"
BROKEN = {
    "no boundary": ("multipart/form-data", PART),
    "another boundary": ("multipart/form-data; boundary=y", PART + b"--x--"),
    "no end": (PARTS, PART[:-3]),
    "no head": (PARTS, b"--x\r\n\r\n\r\n--x--\r\n"),
    "a strange head": (PARTS, b"--x\r\nContent-Disposition: \xff\xfe; name\r\n\r\na\r\n--x--\r\n"),
    "a strange charset": (f"{PARTS}; charset=klingon", b"--x--"),
    "an endless boundary": (PARTS + "x" * 5000, b"--x--"),
    "json": ("application/json", b'{"body": "words"}'),
    "broken json": ("application/json", b'{"body": '),
    "no type": ("", b"body=words"),
    "a strange type": ("klingon/\xff", b"body=words"),
    "zero bytes": (PAIRS, b"\0\0\0=\0"),
    "bytes as they are": (PAIRS, b"body=\xff\xfe\xed\xa0\x80"),
    "no pairs": (PAIRS, b"&&&===&&%&%zz=%f"),
    "many fields": (PAIRS, b"a=1&" * 5000),
    "many parts": (PARTS, PART * 1500 + b"--x--"),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("path", ["/posts/new", "/files", "/auth/login"])
def test_a_malformed_form_causes_no_server_error(ann, visitor, kind, path):
    content_type, body = BROKEN[kind]
    person = visitor if path == "/auth/login" else ann
    for headers in ({}, {"X-CSRFToken": person.token}):
        answer = person.client.post(path, data=body, content_type=content_type, headers=headers)
        assert 400 <= answer.status_code < 500
        _check(answer, kind)


def test_a_too_large_upload_is_refused_with_a_sentence(app, ann):
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    answer = ann.post("/posts/new", body="x" * 20_000)
    assert answer.status_code == 413
    assert "send less at once" in answer.text
    upload = ann.client.post("/files", data={"csrf_token": ann.token, "file": (BytesIO(b"x" * 20_000), "a.png")})
    assert upload.status_code == 413


@pytest.mark.parametrize("content_type", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_a_too_large_form_is_refused_with_a_sentence(ann, content_type):
    fields = {"csrf_token": ann.token, "board": "qa", "title": "How long is this?", "body": "x" * 5_000_000}
    answer = ann.client.post("/posts/new", data=fields, content_type=content_type)
    assert answer.status_code == 413
    _check(answer, content_type)


@pytest.mark.parametrize("letter", ["가", "\U0001f3e1", "x", "é"])
def test_the_maximum_length_of_a_body(ann, letter):
    """Whole words: what a person may really write."""
    words = f"{letter * 19}\n" * (MAX_BODY // 20)
    longest = words[: MAX_BODY - 1] + letter
    question = ann.ask(body=longest)
    assert ann.page(f"/posts/{question}/edit").count(letter) >= MAX_BODY * 0.9
    answer = ann.post(
        "/posts/new", board="qa", title="A question that is too long?", body=longest + letter, tags="yard"
    )
    assert answer.status_code == 422
    assert "100001 characters" in answer.text or "100,001 characters" in answer.text
    assert longest + letter in answer.text
    assert "A question that is too long?" in answer.text


FORGED = [None, "", "forged", "IjEyMyI.aaaa.bbbb", "\0", "한글", "x" * 5000]


@pytest.mark.parametrize("token", FORGED)
def test_a_form_without_csrf_token_is_refused_and_shows_the_submitted_text(ann, token):
    fields = {"board": "qa", "title": "A title to keep", "body": "Words <b>to</b> keep", "tags": "마당"}
    if token is not None:
        fields["csrf_token"] = token
    answer = ann.client.post("/posts/new", data=fields, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert "a form works only in the session" in answer.text
    for words in ("A title to keep", "Words &lt;b&gt;to&lt;/b&gt; keep", "마당"):
        assert words in answer.text


@pytest.mark.parametrize(
    ("headers", "is_offered"),
    [
        ({"Origin": "http://localhost"}, True),
        ({"Referer": "http://localhost/posts/new"}, True),
        ({}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://localhost.evil.example"}, False),
        ({"Origin": "http://localhost:8000"}, False),
        ({"Origin": "http://evil.example", "Referer": "http://localhost/"}, False),
        ({"Referer": "http://evil.example/http://localhost/"}, False),
        ({"Origin": "http://["}, False),
    ],
)
def test_resubmission_is_offered_only_to_forms_of_this_site(ann, headers, is_offered):
    answer = ann.client.post("/posts/new", data={"title": "A title to keep"}, headers=headers)
    assert answer.status_code == 400
    assert ("Send again" in answer.text) == is_offered
    assert ('name="title" hidden' in answer.text) == is_offered


def test_a_resubmitted_form_succeeds(ann):
    fields = {"board": "qa", "title": "A title to keep", "body": BODY, "tags": "마당"}
    page = ann.client.post("/posts/new", data=fields, headers={"Origin": "http://localhost"}).text
    form = re.search(r'<form method="post" action="(/posts/new)"[^>]*data-guard.*?</form>', page, re.S)
    kept = dict(re.findall(r'<textarea name="(\w+)" hidden>([^<]*)</textarea>', form[0]))
    token = re.search(r'name="csrf_token" value="([^"]+)"', form[0])[1]
    answer = ann.client.post(form[1], data={**kept, "csrf_token": token})
    assert "A title to keep" in ann.follow(answer)


@pytest.mark.parametrize(
    "path", ["/auth/login", "/auth/signup", "/settings/account/password", "/settings/leave/delete"]
)
def test_submitted_passwords_are_never_shown(ann, visitor, path):
    secret = "correct horse battery staple"
    names = ("password", "password2", "current_password", "new_password")
    fields = {"username": "zoe", **dict.fromkeys(names, secret)}
    person = visitor if path.startswith("/auth") else ann
    forged = person.client.post(path, data=fields, headers={"Origin": "http://localhost"})
    assert forged.status_code == 400
    assert "Send again" not in forged.text
    assert "zoe" in forged.text
    refused = person.post(path, **{**fields, "email": "no address"})
    assert refused.status_code in (409, 422)
    for answer in (forged, refused):
        assert secret not in answer.text


def test_errors_are_in_the_readers_language(ann, cho):
    english = "Please send this again"
    with use_locale("ko"):
        korean = _(english)
    assert korean != english
    for person, words in ((cho, korean), (ann, english), (cho, korean)):
        assert words in person.client.post("/posts/new", data={"title": "x"}).text
        alone = person.client.post("/posts/new", data={"title": "x"}, headers={"HX-Request": "true"})
        assert (alone.status_code, alone.mimetype) == (400, "text/plain")
        assert bool(re.search("[가-힣]", alone.text)) == (person is cho)


@pytest.mark.parametrize("title", ["", "?", "x" * 151, "\0" * 20, "\u200b" * 20, "\u202e\u202d" * 9])
def test_a_title_of_invisible_characters_is_too_short(ann, title):
    fields = {"csrf_token": ann.token, "board": "qa", "title": title, "body": BODY}
    answer = ann.client.post("/posts/new", data=_encoded(fields), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "Titles have 2 to 150 characters." in answer.text
    assert BODY in answer.text


def test_invisible_characters_are_removed_and_all_others_stored(ann, visitor):
    title = "가\0나\u202e다 \U0001f3e1 \u200b<b>라</b>"
    question = ann.ask(
        title,
        body="마\0당 \U0001f469\u200d\U0001f467 \ud800끝 and more words here.".encode("utf-8", "replace").decode(),
    )
    page = visitor.page(f"/posts/{question}")
    assert "가나다 \U0001f3e1 &lt;b&gt;라&lt;/b&gt;" in page
    assert "마당 \U0001f469\u200d\U0001f467" in page
    assert "\0" not in page
    assert "\u202e" not in page


def test_a_deleted_post_is_410_and_an_unknown_one_404(ann, visitor):
    talk = ann.ask("Just saying hello", board="talk")
    ann.post(f"/posts/{talk}/delete")
    assert visitor.get(f"/posts/{talk}").status_code == 410
    assert visitor.get("/posts/999999").status_code == 404
    for verb in ("comments", "votes", "edit", "delete"):
        assert ann.post(f"/posts/{talk}/{verb}", body="words", value="1").status_code == 410
