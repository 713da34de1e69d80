"""The content of the browser tests' site: people, boards and realistic posts."""

from dataclasses import dataclass, field

PEOPLE = {
    "jangmi": "장미",
    "eunbyeol": "은별",
    "namu": "나무",
    "haneul": "하늘",
    "june": "June",
    "gaon": "가온",
    "mina": "Mina",
    "솔바람": "솔바람",
    "tomas": "Tomás",
    "aiko": "愛子",
    "dalbit": "달빛",
    "noor": "نور",
    "w" * 30: "W" * 30,
    "baram": "바람",
}
ROLES = {"jangmi": "admin", "eunbyeol": "moderator"}
GUEST = "guest"  # no account's name
MEMBER, MODERATOR, ADMIN, SUSPENDED = "namu", "eunbyeol", "jangmi", "baram"


@dataclass(frozen=True)
class Answer:
    author: str
    body: str
    votes: int = 0
    is_accepted: bool = False
    comments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Post:
    """A post. `comments` are (author, text); a text that begins with ">" is a reply. `picture` is a size."""

    author: str
    title: str
    body: str
    tags: str = ""
    board: str = "qa"
    minutes: int = 0
    views: int = 0
    votes: int = 0
    answers: tuple[Answer, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    name: str = field(default="")
    picture: tuple[int, int] | None = None


QUESTION = Post(
    name="question",
    author="namu",
    title="Flask에서 SQLite를 쓰다가 PostgreSQL로 옮기려면 무엇을 바꿔야 하나요?",
    tags="flask, postgresql, 이전",
    minutes=12,
    views=148,
    votes=9,
    body="""회원이 3천 명을 넘으면서 쓰기가 밀리기 시작했습니다. 모델은 **SQLAlchemy(2.0)**로 되어 있고,
`Numeric`과 날짜 컬럼이 걱정입니다. @haneul 님은 어떻게 하셨나요?

```python
class Answer(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))  # SQLite는 시간대를 버립니다
    score: Mapped[float] = mapped_column(Double)
```

- 멈춤 시간을 5분 안으로 줄이고 싶습니다.
- 옮긴 뒤에 [건수와 해시를 비교](https://example.org/compare)하는 방법이 있을까요?

| 표 | 행 | 크기 |
|---|--:|--:|
| posts | 412,000 | 1.4 GB |
| votes | 3,100,000 | 0.4 GB |
""",
    comments=(
        ("june", "지금 DB 파일 크기가 얼마나 되나요?"),
        ("namu", "> 2.1 GB입니다. `PRAGMA page_count`로 보았어요."),
        ("mina", "Is the site read-only while you move? That decides most of it."),
    ),
    answers=(
        Answer(
            "eunbyeol",
            """한 번에 옮기고 증명하는 명령이 있습니다. 먼저 빈 데이터베이스를 만들고 주소만 넘기면 됩니다.

```
pg_dump --schema-only before > schema.sql
pgloader sqlite:///var/lib/site.db postgresql:///site
```

표마다 건수와 해시를 비교해 주고, 다르면 멈춥니다. 2 GB면 3분쯤 걸렸어요.
""",
            votes=7,
            is_accepted=True,
            comments=(("namu", "그대로 했더니 4분 만에 끝났습니다. 고맙습니다!"),),
        ),
        Answer(
            "haneul",
            "부동소수는 `Double`로 두세요. MariaDB에서는 `Float`이 단정밀도라 시각 값이 잘립니다.\n\n"
            "> 날짜는 UTC로 저장하고, 보여 줄 때만 바꾸는 편이 안전합니다.",
            votes=2,
        ),
        Answer(
            "tomas",
            "Do a dry run first and keep the old file. Then:\n\n1. [x] back up\n2. [ ] move\n3. [ ] compare the counts",
        ),
    ),
)

QUESTIONS = (
    Post(
        author="haneul",
        title="gunicorn을 소켓으로 띄우면 nginx에서 502가 납니다",
        body="systemd 서비스는 active (running)인데 run/site.sock 권한 때문인지 nginx가 거부당합니다. 어디부터 볼까요?",
        tags="배포, nginx, gunicorn",
        minutes=38,
        views=92,
        votes=5,
        answers=(
            Answer(
                "gaon",
                "소켓이 있는 폴더에 nginx 사용자가 들어갈 수 있는지 먼저 보세요. `namei -l`이 알려 줍니다.",
                votes=3,
            ),
            Answer("june", "Set `UMask=0007` in the unit and add the www-data user to the group."),
        ),
    ),
    Post(
        name="unanswered",
        author="june",
        title="한글 두 글자 검색이 안 되는 이유가 뭔가요? trigram 토크나이저 관련",
        body="‘설치’, ‘서버’ 같은 두 음절 낱말을 넣으면 결과가 0건입니다. 세 글자부터는 잘 됩니다.",
        tags="검색, sqlite",
        minutes=61,
        views=33,
    ),
    Post(
        author="솔바람",
        title="세션과 JWT 중에 무엇을 써야 할까요? 모바일 앱도 같이 만들 예정입니다",
        body="브라우저는 세션 쿠키, 앱은 토큰으로 나누는 것이 맞는지, 로그아웃을 어떻게 처리하는지 궁금합니다.",
        tags="인증, jwt",
        minutes=190,
        views=611,
        votes=11,
        answers=(
            Answer("eunbyeol", "브라우저에는 세션이 낫습니다. 서버에서 끊을 수 있으니까요.", votes=8, is_accepted=True),
            Answer("aiko", "앱에는 짧은 토큰과 다시 받는 토큰을 함께 쓰고, 버린 토큰은 표에 적어 둡니다.", votes=4),
            Answer(
                "tomas", "Sessions for browsers. There is no logging out of a JWT that somebody else holds.", votes=3
            ),
        ),
    ),
    Post(
        author="mina",
        title="Why does my server-sent events stream stop after 60 seconds behind nginx?",
        body="It works when I talk to the app directly. Heartbeats are sent every 15 seconds, buffering is on.",
        tags="nginx, sse",
        minutes=60 * 26,
        views=204,
        votes=3,
        answers=(
            Answer("gaon", "Send `X-Accel-Buffering: no` with the stream, and raise `proxy_read_timeout`.", votes=2),
        ),
    ),
    Post(
        author="gaon",
        title="발효가 멈춘 것 같은 맥주, 병입해도 괜찮을까요?",
        body="비중이 1.014에서 사흘째 그대로입니다. 온도는 19도이고 효모는 US-05를 썼습니다.",
        tags="발효, 병입",
        minutes=60 * 31,
        views=87,
        votes=4,
        answers=(
            Answer(
                "dalbit",
                "이틀 더 두고 재 보세요. 그대로면 끝난 것이고, 병은 단단한 것으로 고르세요.",
                votes=5,
                is_accepted=True,
            ),
        ),
    ),
    Post(
        author="tomas",
        title="How do you keep sourdough alive through two weeks of holiday?",
        body="Mine is a wheat starter at 100 % hydration. Last year it turned grey in the fridge after nine days.",
        tags="빵, 발효",
        minutes=60 * 50,
        views=41,
        votes=2,
        answers=(
            Answer(
                "aiko", "Dry a spoonful on baking paper. It keeps for a year and wakes up in three feedings.", votes=6
            ),
        ),
    ),
    Post(
        author="aiko",
        title="수채화 종이가 울지 않게 하려면 얼마나 적셔야 하나요?",
        body="300 g 코튼지인데도 가장자리가 말립니다. 판에 붙이는 법이 따로 있나요?",
        tags="그림",
        minutes=60 * 70,
        views=29,
        votes=1,
    ),
    Post(
        author="dalbit",
        title="텃밭 토마토 잎이 아래부터 노랗게 변해요",
        body="물은 사흘에 한 번 주고 있고, 비료는 심을 때만 넣었습니다. 사진처럼 잎맥은 초록입니다.",
        tags="텃밭",
        minutes=60 * 90,
        views=55,
        votes=3,
        answers=(Answer("솔바람", "마그네슘이 모자랄 때 그렇습니다. 엡섬염을 묽게 타서 잎에 뿌려 보세요.", votes=2),),
    ),
)

TALK = (
    Post(
        name="notice",
        board="notice",
        author="jangmi",
        title="마당을 열었습니다. 처음 오신 분들께",
        body="묻기 전에 찾아보고, 답을 받으면 채택해 주세요. 모르는 것은 모른다고 말해도 괜찮은 곳입니다.",
        minutes=60 * 200,
        views=320,
        votes=6,
    ),
    Post(
        name="talk",
        board="talk",
        author="dalbit",
        title="오늘 첫눈이 왔어요",
        body="출근길에 보니 은행나무 위에 소복했습니다. 다들 길 조심하세요.",
        minutes=95,
        views=77,
        votes=4,
        comments=(("gaon", "여기는 비만 와요."), ("dalbit", "> 곧 갈 거예요."), ("mina", "Send some here!")),
    ),
    Post(
        board="talk",
        author="tomas",
        title="What are you reading this winter?",
        body="I have just begun *The Vegetarian*, and I am looking for something gentler to follow it.",
        minutes=60 * 40,
        views=52,
        votes=2,
        comments=(("namu", "‘작별하지 않는다’는 더 세요. 그다음에 ‘불편한 편의점’이 좋아요."),),
    ),
)

GALLERY = tuple(
    Post(
        board="album",
        author=author,
        title=title,
        body="오늘 찍었습니다.",
        minutes=60 * (5 + 20 * number),
        votes=votes,
        comments=(("mina", "Lovely!"),) if votes > 2 else (),
        picture=picture,
        name="picture" if number == 0 else "",
    )
    for number, (author, title, votes, picture) in enumerate(
        (
            ("gaon", "비 오는 골목", 5, (1600, 900)),
            ("aiko", "A tall thin tree behind the library, seen from the third floor", 3, (700, 1800)),
            ("dalbit", "노랗게 물든 은행나무", 0, (900, 900)),
            ("namu", "사진 없이 올린 글", 1, None),
            ("w" * 30, "아주작은그림이지만제목은띄어쓰기없이길게이어져서두줄을넘기는그림", 2, (60, 40)),
            ("tomas", "Bread of this week", 4, (1200, 800)),
            ("솔바람", "우리 텃밭의 아침", 2, (1000, 1300)),
        )
    )
)

LONG = "AVeryLongWordThatNobodyWouldEverTypeButSomebodyWillPasteOneDayIntoTheTitleFieldOfTheForm"
COLUMNS = [f"열{number}" for number in range(1, 15)]
WIDE_TABLE = "\n".join(f"| {' | '.join(row)} |" for row in (COLUMNS, ["---"] * 14, ["가운데 낱말"] * 14))
STATES = (
    Post(
        name="long",
        author="w" * 30,
        title=LONG,
        body=f"{LONG * 4}\n\n```\n{LONG * 4}\n```\n\n| {LONG} | {LONG} |\n|---|---|\n| {LONG} | {LONG} |\n\n"
        f"{WIDE_TABLE}\n\n{'Donau' * 138}!\n\n"
        f"https://example.org/{LONG * 3}\n\n> {LONG}\n\n- {LONG}",
        tags=", ".join("w" * (30 - number) for number in range(5)),
        minutes=60 * 120,
        answers=(Answer("w" * 30, f"{LONG * 4}", comments=(("w" * 30, LONG * 3),)),),
        comments=(("w" * 30, LONG * 3), ("w" * 30, f"> {LONG * 2}")),
    ),
    Post(
        name="closed",
        author="june",
        title="SQLite에서 PostgreSQL로 옮기는 법을 알려 주세요",
        body="데이터베이스를 옮기고 싶은데 어디서부터 시작해야 할지 모르겠습니다.",
        tags="postgresql",
        minutes=60 * 130,
    ),
    Post(
        name="talkative",
        board="talk",
        author="tomas",
        title="하루에 몇 걸음이나 걸으세요?",
        body="저는 만 걸음을 넘긴 날이 한 달에 하루쯤입니다.",
        minutes=60 * 135,
        comments=tuple((("june", "mina", "gaon")[n % 3], f"{n + 1}천 걸음쯤요.") for n in range(33)),
    ),
    Post(
        name="locked",
        author="mina",
        title="Which editor is the best one for Python?",
        body="Please settle this once and for all, my colleagues have been at it for a week.",
        minutes=60 * 140,
        answers=(Answer("tomas", "The one whose keys you know by heart already."),),
        comments=(("gaon", "또 시작이네요."),),
    ),
    Post(
        name="deleted",
        author="noor",
        title="Cheap watches, best prices in town",
        body="Buy three watches and get a fourth one for nothing at all.",
        minutes=60 * 150,
    ),
    Post(
        name="edited",
        author="namu",
        title="Markdown에서 표 안의 세로줄은 어떻게 쓰나요?",
        body="표 안에 세로줄을 쓰면 칸이 나뉩니다.\n\n역슬래시를 붙여도 되지 않습니다.",
        tags="markdown",
        minutes=60 * 160,
        answers=tuple(
            Answer(("june", "mina", "gaon")[n % 3], f"{n + 1}번째 답입니다. `&#124;`를 써 보세요.") for n in range(33)
        ),
    ),
)
POSTS = (QUESTION, *QUESTIONS, *TALK, *GALLERY)
