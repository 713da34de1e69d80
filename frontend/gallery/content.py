"""The gallery's people, posts and forms."""

from datetime import datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from wtforms import BooleanField, Form, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, Length

VISITORS_PAGES = {"list", "login"}
PATHS = {"list": "/questions", "board": "/boards/talk", "question": "/posts/12", "settings": "/settings"}


def person(username: str, display_name: str, reputation: int = 120) -> Thing:
    return Thing(username=username, display_name=display_name, avatar_url=None, reputation=reputation)


NAMU = person("namu", "나무", 1240)
HANEUL = person("haneul", "하늘", 88)
JUNE = person("june", "june", 15)
STAR = person("eunbyeol", "은별", 10_400)
MINA = person("mina", "mina", 7)

VISITOR = Thing(is_authenticated=False, username=None, display_name=None, avatar_url=None, role=None, is_staff=False)
MEMBER = Thing(
    is_authenticated=True,
    username="eunbyeol",
    display_name="은별",
    avatar_url=None,
    role="member",
    is_staff=False,
    id=4,
)

BOARDS = [
    ("notice", "notice", "공지", "Notices", "알리는 글이 올라와요.", "What everybody should know.", 12),
    ("qa", "qna", "묻고 답하기", "Questions", "막히는 곳을 자세히 적어 주세요.", "Ask, and tell what you tried.", 1029),
    ("talk", "talk", "자유 마당", "Talk", "무엇이든 이야기해요.", "Anything goes.", 3410),
    ("gallery", "pictures", "사진첩", "Pictures", "사진이 있는 이야기.", "Stories with pictures.", 208),
]

TITLES = [
    ("Flask에서 SQLite를 쓰다가 PostgreSQL로 옮기려면 무엇을 바꿔야 하나요?", "회원이 늘면서 쓰기가 밀립니다. 모델은 SQLAlchemy로 되어 있고, 날짜와 부동소수 컬럼이 걱정입니다.", NAMU, 12, 3, True, ["flask", "postgresql", "이전"]),
    ("gunicorn을 소켓으로 띄우면 nginx에서 502가 납니다", "systemd 서비스는 active (running)인데 소켓 권한 때문인지 nginx가 연결을 거부당합니다.", HANEUL, 7, 2, False, ["배포", "nginx", "gunicorn"]),
    ("한글 두 글자 검색이 안 되는 이유가 뭔가요? trigram 토크나이저 관련", "‘설치’, ‘서버’ 같은 두 음절 낱말을 넣으면 결과가 0건입니다.", JUNE, 0, 0, False, ["검색", "sqlite"]),
    ("세션과 JWT 중에 무엇을 써야 할까요? 모바일 앱도 같이 만들 예정입니다", "브라우저는 세션 쿠키, 앱은 토큰으로 나누는 것이 맞는지 궁금합니다.", STAR, 10_250, 16, True, ["인증", "jwt"]),
    ("Why does my server-sent events stream stop after 60 seconds behind nginx?", "It works when I talk to the app directly. Heartbeats are sent every 15 seconds, buffering is on by default.", MINA, -3, 1, False, ["nginx", "sse"]),
    ("AVeryLongWordThatNobodyWouldEverTypeButSomebodyWillPasteOneDayIntoTheTitleFieldOfTheForm", "", person("a" * 30, "a" * 30), 1, 0, False, ["a" * 30]),
]  # fmt: skip


def values(locale: str, now: datetime) -> dict[str, Any]:
    """Everything that the gallery's pages print."""
    boards = [board(locale, *row) for row in BOARDS]
    return {
        "nav_boards": boards,
        "boards": boards,
        "nav_tags": [Thing(name=name, post_count=count) for name, count in (("flask", 86), ("배포", 41), ("postgresql", 37))],
        "rows": [row(index, now, *title) for index, title in enumerate(TITLES)],
        "talk_rows": [row(index, now, *title, kind="talk") for index, title in enumerate(TITLES[:3])],
        "page": Thing(number=4, last=35, window=[1, None, 3, 4, 5, None, 35], url=lambda n: f"?page={n}", has_prev=True, has_next=True),
        "people": Thing(namu=NAMU, haneul=HANEUL, june=JUNE, star=STAR),
        "comments_shown": comments(now),
        "forms": forms(locale),
        "diff_lines": diff_lines(),
        "minutes_ago": lambda minutes: now - timedelta(minutes=minutes),
        "body": BODY,
        "answer_body": ANSWER,
    }  # fmt: skip


def board(locale: str, kind: str, slug: str, ko: str, en: str, ko_text: str, en_text: str, count: int) -> Thing:
    name, text = (ko, ko_text) if locale == "ko" else (en, en_text)
    return Thing(kind=kind, slug=slug, name=name, description=text, post_count=count)


def row(index: int, now: datetime, title: str, excerpt: str, author: Thing, score: int, answers: int, solved: bool, tags: list[str], kind: str = "qa") -> Thing:  # fmt: skip
    return Thing(
        id=index + 1, kind=kind, title=title, slug="a-slug", excerpt=excerpt, score=score, answer_count=answers, has_accepted=solved,
        comment_count=index * 2, view_count=148 * (index + 1) ** 3, tag_names=tags, author_username=author.username,
        author_display_name=author.display_name, author_avatar_url=None, created_at=now - timedelta(minutes=12 * (index + 1) ** 3),
        is_pinned=kind == "talk" and index == 0, is_closed=index == 4, is_locked=kind == "talk" and index == 1, number=1029 - index, is_new=index == 2,
    )  # fmt: skip


def comments(now: datetime) -> list[Thing]:
    def comment(
        id: int, author: Thing | None, html: str, minutes: int, *, is_reply: bool = False, is_mine: bool = False
    ) -> Thing:
        return Thing(
            id=id, post_id=12, html=html, score=id % 3, my_vote=1 if id == 2 else 0, created_at=now - timedelta(minutes=minutes),
            edited_at=now if is_mine else None, is_reply=is_reply, author=author, can_reply=not is_reply,
            vote_url=None if is_mine else f"/comments/{id}/votes", edit_url=f"/comments/{id}/edit" if is_mine else None,
            delete_url=f"/comments/{id}/delete" if is_mine else None,
        )  # fmt: skip

    return [
        comment(1, JUNE, "<p>지금 DB 파일 크기가 얼마나 되나요?</p>", 10),
        comment(2, NAMU, "<p>2.1 GB입니다. <code>PRAGMA page_count</code>로 보았어요.</p>", 9, is_reply=True),
        comment(
            3,
            STAR,
            "<p>쓰기가 밀리는 까닭이 한 테이블인지부터 보면 좋겠어요.</p><p>로그를 조금 붙여 주실래요?</p>",
            3,
            is_mine=True,
        ),
        comment(4, None, "<p>같은 문제를 겪었습니다.</p>", 2),
    ]


class SignUp(Form):
    username = StringField(
        "Username", [Length(min=3, message="이름은 세 글자부터예요.")], description="글자, 숫자, _ . - 를 쓸 수 있어요."
    )
    email = StringField("E-mail", [Email("메일 주소를 다시 살펴봐 주세요.")])
    password = PasswordField("Password")
    remember = BooleanField("Keep me logged in", description="이 기기에서 7일 동안이에요.")


class Settings(Form):
    display_name = StringField("Display name")
    language = SelectField("Language", choices=[SelectChoice("ko", "한국어"), SelectChoice("en", "English")])
    digest = RadioField(
        "Mail digest",
        choices=[
            SelectChoice("never", "Never"),
            SelectChoice("daily", "Every day"),
            SelectChoice("weekly", "Every week"),
        ],
        default="weekly",
    )
    bio = TextAreaField("About you", description="Markdown을 쓸 수 있어요.")


class Write(Form):
    title = StringField("Title")
    body = TextAreaField("Text")
    tags = StringField("Tags")


def forms(locale: str) -> Thing:
    wrong = SignUp(data={"username": "은", "email": "은별@"})
    wrong.validate()
    return Thing(
        signup=SignUp(),
        wrong=wrong,
        settings=Settings(data={"display_name": "은별", "language": locale}),
        write=Write(),
        answer=Write(prefix="answer"),
    )


def diff_lines() -> list[Thing]:
    return [
        Thing(kind="gap", segments=[]),
        Thing(kind="same", segments=[("지금 구조는 이렇습니다.", False)]),
        Thing(kind="removed", segments=[("회원이 ", False), ("2천", True), (" 명을 넘으면서 쓰기가 밀립니다.", False)]),
        Thing(
            kind="added",
            segments=[
                ("회원이 ", False),
                ("3천", True),
                (" 명을 넘으면서 쓰기가 밀리기 ", False),
                ("시작했습니다", True),
                (".", False),
            ],
        ),
        Thing(kind="same", segments=[("", False)]),
        Thing(kind="added", segments=[("멈춤 시간을 5분 안으로 줄이고 싶습니다.", False)]),
        Thing(kind="gap", segments=[]),
    ]


BODY = """<p>회원이 3천 명을 넘으면서 쓰기가 밀리기 시작했습니다. 모델은 <strong>SQLAlchemy(2.0)</strong>로 되어 있고, <code>Numeric</code>과 날짜 컬럼이 걱정입니다. <a class="mention" href="/users/namu" data-user="namu">@namu</a> 님은 어떻게 하셨나요?</p>
<pre tabindex="0"><code><span class="k">class</span> <span class="nc">Answer</span>(Base):
    <span class="nb">id</span>: Mapped[<span class="nb">int</span>] = mapped_column(primary_key=<span class="kc">True</span>)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=<span class="kc">True</span>))  <span class="c1"># SQLite는 시간대를 버립니다</span>
    name: Mapped[<span class="nb">str</span>] = mapped_column(default=<span class="s2">"나무"</span>, length=<span class="mi">80</span>)</code></pre>
<h3>무엇을 해 보았나</h3>
<ul><li>멈춤 시간을 5분 안으로 줄이고 싶습니다.</li><li>옮긴 뒤에 <a href="https://example.org/a">건수와 해시를 비교</a>하는 방법이 있을까요?</li></ul>
<blockquote><p>처음부터 PostgreSQL로 시작하라는 말도 들었습니다.</p></blockquote>
<table><thead><tr><th>표</th><th>행</th><th>크기</th></tr></thead><tbody><tr><td>posts</td><td>412,000</td><td>1.4 GB</td></tr><tr><td>votes</td><td>3,100,000</td><td>0.4 GB</td></tr></tbody></table>"""  # noqa: E501

ANSWER = """<p>한 번에 옮기고 증명하는 명령이 있습니다. 먼저 빈 데이터베이스를 만들고 주소만 넘기면 됩니다.</p>
<pre tabindex="0"><code>madang backup before.madang
madang move-database postgresql+psycopg://madang@/madang
madang check --counts</code></pre><p>표마다 건수와 해시를 비교해 주고, 다르면 멈춥니다. 2 GB면 3분쯤 걸렸어요.</p>"""
