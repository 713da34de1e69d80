"""The log of a site in production holds no address, password, token or link of anybody, whatever people do."""

import json
import re
from io import BytesIO
from urllib.parse import quote

import pytest
from PIL import Image

from madang.core.queue import run_due
from tests.api.programs import Program, tokens_of
from tests.people import PASSWORD, Person
from tests.smtp_server import smtp_server

ADDRESS = "203.0.113.77"
NEW_PASSWORD = "eleven kites over the harbour"
FORBIDDEN = {
    "an e-mail address": r"[^\s\"'@\\]+@[^\s\"'@]+\.[a-z]+",
    "the address of a client": r"203\.0\.113\.\d+|192\.0\.2\.\d+|2001:db8",
    "a password": "|".join((PASSWORD, NEW_PASSWORD, "wrong lantern", "hunter2hunter2")),
    "a link": r"https?://(?!sqlalche\.me)",
    "a path with a token": r"/auth/(reset|confirm)/(?!<)",
    "a signed token": r"[\w-]{8,}\.[\w-]{6}\.[\w-]{27}",
    "a JWT": r"eyJ[\w-]+\.",
    "a personal token": r"mdg_\w+|madang_\w{20}",
    "a query string": r"\?[a-z]+=",
    "what somebody wrote": "my private words",
    "the body of a mail": "Subject:|set a new password",
}


@pytest.fixture
def site(app, log_lines):
    app.config |= {"ENVIRONMENT": "production", "SITE_URL": "https://board.example.org"}
    return app


def text_of(lines: list[dict[str, object]]) -> str:
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)


def browser(app, person: Person) -> Person:
    person.client.environ_base["REMOTE_ADDR"] = ADDRESS
    return person


def picture() -> BytesIO:
    content = BytesIO()
    Image.new("RGB", (20, 20)).save(content, "PNG")
    return BytesIO(content.getvalue())


def log_in_and_out(app, ann: Person) -> list[str]:
    visitor = browser(app, Person(app))
    form = {"username": "ann", "password": "wrong lantern"}
    assert visitor.post("/auth/login?next=/questions", **form).status_code == 422
    assert visitor.post("/auth/login", **{**form, "username": "ann@example.org"}).status_code == 422
    assert visitor.post("/auth/login", **{**form, "password": PASSWORD}).status_code == 302
    visitor.post("/auth/logout")
    return []


def sign_up_and_confirm(app, server) -> list[str]:
    visitor = browser(app, Person(app))
    fields = {"username": "newcomer", "email": "newcomer@example.org", "password": PASSWORD, "password2": PASSWORD}
    assert visitor.post("/auth/signup", **fields).status_code == 302
    visitor.post("/auth/signup", **{**fields, "email": "no-address"})
    return visit_links(app, visitor, server, NEW_PASSWORD)


def reset_password(app, server) -> list[str]:
    visitor = browser(app, Person(app))
    for address in ("ann@example.org", "nobody-has-it@example.org"):
        visitor.post("/auth/forgot", email=address)
    return visit_links(app, visitor, server, NEW_PASSWORD)


def visit_links(app, visitor: Person, server, password: str) -> list[str]:
    """Open the links of all mails, and forged ones; returns their tokens."""
    with app.app_context():
        run_due()
    tokens = []
    for _recipients, content in server.accepted:
        text = re.sub(r"=\r?\n", "", content.decode()).replace("=3D", "=")
        for path in re.findall(r"https?://[^/\s]+(/auth/\S+/[\w.-]{20,})", text):
            tokens.append(path.rpartition("/")[2])
            visitor.get(path)
            visitor.post(path, password=password, password2=password)
            visitor.get(path[:-3] + "abc")
    server.accepted.clear()
    return tokens


def call_the_api(app, ann: Person) -> list[str]:
    tokens = tokens_of(ann)
    program = Program(app, tokens["access_token"])
    secret = program.post("/me/tokens", {"name": "script", "scopes": ["read"]}).json["secret"]
    for token in (secret, secret[:-2] + "zz", tokens["access_token"][:-4] + "abcd", tokens["refresh_token"]):
        Program(app, token).get("/me?email=ann@example.org")
    app.test_client().get("/api/v1/me", headers={"Authorization": "Basic YW5uOmh1bnRlcjJodW50ZXIy"})
    app.test_client().post("/api/v1/auth/login", json={"username": "ann", "password": "wrong lantern"})
    app.test_client().post("/api/v1/auth/login", json={"username": "ann", "password": PASSWORD}, query_string="a=b")
    return [secret, *[tokens[name] for name in ("access_token", "refresh_token")]]


def write_and_upload(app, ann: Person, bob: Person) -> list[str]:
    question = ann.ask("What is private here?", "my private words, to ann@example.org")
    bob.answer(question, "my private words again")
    bob.post("/messages/new", to="ann", body="my private words at https://example.org/?token=abc")
    ann.client.post("/files", data={"csrf_token": ann.token, "file": (picture(), "ann@example.org.png")})
    ann.client.post("/files", data={"csrf_token": ann.token, "file": (BytesIO(b"no picture"), "x@example.org.png")})
    ann.get(f"/search?q={quote('ann@example.org my private words')}")
    ann.client.post("/posts/new", data={"body": "my private words"})  # without the CSRF token
    bob.post(f"/posts/{question}/delete")
    ann.get(f"/users/{quote('ann@example.org')}")
    return []


def run_into_errors(app, ann: Person, monkeypatch) -> list[str]:
    def fail(*_arguments: object, **values: object) -> str:
        raise ValueError(f"cannot read {values} for ann@example.org from {ADDRESS} at https://example.org/x?y=z")

    token = "WzEsImEiXQ.aBcD3f.q9sd8f7sd9f87sd9F87sd9f8s7d"
    monkeypatch.setitem(app.view_functions, "recovery.reset", fail)
    assert ann.get(f"/auth/reset/{token}").status_code == 500
    monkeypatch.undo()
    return [token]


def test_no_line_of_the_log_holds_what_is_private(site, ann, bob, log_lines, monkeypatch):
    site.config["LOGIN_LIMIT"] = "20 per minute"
    secrets: list[str] = []
    for person in (ann, bob):
        browser(site, person)
    with smtp_server(site) as server:
        secrets += log_in_and_out(site, ann)
        secrets += call_the_api(site, ann)
        secrets += write_and_upload(site, ann, bob)
        secrets += sign_up_and_confirm(site, server)
        secrets += reset_password(site, server)
        assert len(secrets) > 4, "the mails had links"
        server.replies["recipient"] = "450 try <ann@example.org> later, 203.0.113.77"
        browser(site, Person(site)).post("/auth/forgot", email="bob@example.org")
        with site.app_context():
            run_due()
    with site.app_context():  # nobody listens there any more
        bob.post("/auth/forgot", email="bob@example.org")
        run_due()
    with pytest.MonkeyPatch.context() as patch:
        secrets += run_into_errors(site, ann, patch)
    lines = log_lines()
    text = text_of(lines)
    events = {line["event"] for line in lines}
    assert {"request", "login_failed", "csrf_refused", "credentials_refused", "refused"} <= events
    assert any("exception" in line and "ValueError" in line["exception"] for line in lines)
    for name, pattern in FORBIDDEN.items():
        found = re.search(f".*({pattern}).*", text)
        assert not found, f"{name}: {found and found[0]}"
    for secret in secrets:
        assert secret not in text


def test_without_a_mail_server_a_mail_fails_and_its_link_is_not_in_the_log(site, ann, log_lines):
    site.config["MAIL_SERVER"] = None
    log_lines()
    ann.client.post("/auth/logout", data={"csrf_token": ann.token})
    Person(site).post("/auth/forgot", email="ann@example.org")
    with site.app_context():
        run_due()
    lines = log_lines()
    (failure,) = [line for line in lines if line["level"] == "error"]
    assert (failure["event"], failure["job_name"]) == ("no_mail_server", "accounts.send_recovery_mail")
    assert "exception" not in failure
    for name, pattern in FORBIDDEN.items():
        assert not re.search(pattern, text_of(lines)), name


def test_in_development_the_mail_is_shown(app, ann, log_lines):
    Person(app).post("/auth/forgot", email="ann@example.org")
    with app.app_context():
        run_due()
    (shown,) = [line for line in log_lines() if line["logger"] == "madang.mail"]
    assert shown["level"] == "info" and "Reset your password" in shown["event"]
