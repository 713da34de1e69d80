"""The gallery's people, posts and forms."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

from wtforms import BooleanField, Form, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, Length

from madang.core import markdown

HERE = Path(__file__).parent
POSTS = json.loads((HERE / "posts.json").read_text(encoding="utf-8"))
BODIES = {
    path.stem: markdown.render(path.read_text(encoding="utf-8"), mentions=lambda names: names)
    for path in (HERE / "bodies").glob("*.md")
}
VISITORS_PAGES = {"list", "login"}
PATHS = {"list": "/questions", "board": "/boards/talk", "question": "/posts/12", "settings": "/settings"}


def person(username: str, display_name: str, reputation: int = 120) -> Thing:
    return Thing(username=username, display_name=display_name, avatar_url=None, reputation=reputation)


PEOPLE = {
    "namu": person("namu", "나무", 1240),
    "haneul": person("haneul", "하늘", 88),
    "june": person("june", "june", 15),
    "eunbyeol": person("eunbyeol", "은별", 10_400),
    "mina": person("mina", "mina", 7),
    "a" * 30: person("a" * 30, "a" * 30),
}
MEMBER = Thing(is_authenticated=True, role="member", is_staff=False, id=4, **vars(PEOPLE["eunbyeol"]))
VISITOR = Thing(
    is_authenticated=False, username=None, display_name=None, avatar_url=None, role=None, is_staff=False, id=None
)
BOARDS = [
    Thing(kind="notice", slug="notice", name="공지", description="알리는 글이 올라와요.", post_count=12),
    Thing(kind="qa", slug="qna", name="묻고 답하기", description="막히는 곳을 자세히 적어 주세요.", post_count=1029),
    Thing(kind="talk", slug="talk", name="자유 마당", description="무엇이든 이야기해요.", post_count=3410),
    Thing(kind="gallery", slug="pictures", name="사진첩", description="사진이 있는 이야기.", post_count=208),
]
TAGS = [Thing(name="flask", post_count=86), Thing(name="배포", post_count=41), Thing(name="postgresql", post_count=37)]
PAGE = Thing(
    number=4,
    last=35,
    window=[1, None, 3, 4, 5, None, 35],
    url=lambda number: f"?page={number}",
    has_prev=True,
    has_next=True,
)


def values(now: datetime) -> dict[str, Any]:
    """Everything that the gallery's pages print."""
    return {
        "nav_boards": BOARDS,
        "nav_tags": TAGS,
        "rows": [row(index, now, post) for index, post in enumerate(POSTS)],
        "talk_rows": [row(index, now, post, kind="talk") for index, post in enumerate(POSTS[:3])],
        "page": PAGE,
        "people": PEOPLE,
        "comments_shown": comments(now),
        "forms": forms(),
        "diff_lines": diff_lines(),
        "minutes_ago": lambda minutes: now - timedelta(minutes=minutes),
        "bodies": BODIES,
    }


def row(index: int, now: datetime, post: dict[str, Any], kind: str = "question") -> Thing:
    return Thing(
        **post,
        id=index + 1,
        kind=kind,
        comment_count=index * 2,
        view_count=148 * (index + 1) ** 3,
        created_at=now - timedelta(minutes=12 * (index + 1) ** 3),
        pinned_at=now if kind == "talk" and index == 0 else None,
        closed_at=now if index == 4 else None,
        locked_at=now if kind == "talk" and index == 1 else None,
    )


def comments(now: datetime) -> list[Thing]:
    mine = {"vote_url": None, "edit_url": "/comments/3/edit", "delete_url": "/comments/3/delete", "edited_at": now}
    said = [
        comment(1, "june", "<p>지금 DB 파일 크기가 얼마나 되나요?</p>"),
        comment(2, "namu", "<p>2.1 GB입니다. <code>PRAGMA page_count</code>로 보았어요.</p>", is_reply=True, my_vote=1),
        comment(3, "eunbyeol", "<p>한 테이블인지부터 보면 좋겠어요.</p><p>로그를 붙여 주실래요?</p>", **mine),
        comment(4, None, "<p>같은 문제를 겪었습니다.</p>"),
    ]
    for one in said:
        one.created_at = now - timedelta(minutes=12 - 2 * one.id)
    return said


def comment(id: int, username: str | None, html: str, is_reply: bool = False, **values: Any) -> Thing:
    plain = {"vote_url": f"/comments/{id}/votes", "edit_url": None, "delete_url": None, "edited_at": None, "my_vote": 0}
    author = PEOPLE[username] if username else None
    spoken = {"id": id, "post_id": 12, "html": html, "score": id % 3, "author": author}
    return Thing(**spoken, is_reply=is_reply, can_reply=not is_reply, **plain | values)


class SignUp(Form):
    username = StringField("Username", [Length(min=3, message="이름은 세 글자부터예요.")])
    email = StringField("E-mail", [Email("메일 주소를 다시 살펴봐 주세요.")])
    password = PasswordField("Password")
    remember = BooleanField("Keep me logged in", description="이 기기에서 7일 동안이에요.")


class Settings(Form):
    display_name = StringField("Display name")
    language = SelectField("Language", choices=[SelectChoice("ko", "한국어"), SelectChoice("en", "English")])
    digest = RadioField("Mail digest", choices=[SelectChoice("never", "Never"), SelectChoice("weekly", "Every week")])
    bio = TextAreaField("About you", description="Markdown을 쓸 수 있어요.")


class Write(Form):
    title = StringField("Title")
    body = TextAreaField("Text")
    tags = StringField("Tags")


def forms() -> Thing:
    wrong = SignUp(data={"username": "은", "email": "은별@"})
    wrong.validate()
    settings = Settings(data={"display_name": "은별", "language": "ko", "digest": "weekly"})
    return Thing(wrong=wrong, settings=settings, write=Write(), answer=Write(prefix="answer"))


def diff_lines() -> list[Thing]:
    new = [
        ("회원이 ", False),
        ("3천", True),
        (" 명을 넘으면서 ", False),
        ("쓰기가 밀리기 시작했습니다", True),
        (".", False),
    ]
    return [
        Thing(kind="gap", segments=[]),
        Thing(kind="same", segments=[("지금 구조는 이렇습니다.", False)]),
        Thing(kind="removed", segments=[("회원이 ", False), ("2천", True), (" 명을 넘으면서 밀립니다.", False)]),
        Thing(kind="added", segments=new),
        Thing(kind="added", segments=[("멈춤 시간을 5분 안으로 줄이고 싶습니다.", False)]),
        Thing(kind="gap", segments=[]),
    ]
