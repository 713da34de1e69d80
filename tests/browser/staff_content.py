"""Staff actions of the browser tests' site: a suspension, synonyms, an unused tag, changes of settings."""

from collections.abc import Callable
from datetime import datetime, timedelta

from madang.accounts.models import User
from madang.accounts.operations.suspending import suspend_account
from madang.admin.operations.changing_settings import change_setting, reset_setting
from madang.boards.queries import get_board
from madang.core.actor import COMMAND_LINE, Actor
from madang.tags.operations.managing import add_synonym, create_tag
from madang.tags.queries.tags import get_tag
from tests.browser.content import ADMIN, MEMBER, MODERATOR, SUSPENDED

SETTINGS = {
    "SITE_DESCRIPTION": "데이터베이스와 마당 일을 묻고 답하는 곳이에요.",
    "MAIL_FROM": "Madang <madang-notifications@a-host-with-a-long-name.example.org>",
    "MAIL_PASSWORD": "correct horse battery staple",
    "COMMENT_MIN": "5",
}


def administer(actor: Callable[[str], Actor], people: dict[str, User], moment: datetime) -> dict[str, int]:
    """Suspend an account and edit tags; returns the ids that the tests need."""
    reason = "같은 광고를 여러 게시판에 되풀이해서 올렸어요. 다음에는 지켜 주세요."
    until = moment + timedelta(days=365)
    suspend_account(people[SUSPENDED], actor=actor(ADMIN), reason=reason, until=until, now=moment)
    tag = get_tag("sqlite", COMMAND_LINE)
    for word in ("sqlite3", "에스큐라이트"):
        add_synonym(tag, word, actor=actor(MODERATOR))
    unused = create_tag("아직-안-쓰는-태그", actor=actor(MODERATOR), now=moment)
    for name, text in SETTINGS.items():
        change_setting(name, text, actor=actor(ADMIN), now=moment)
    reset_setting("COMMENT_MIN", actor=actor(ADMIN), now=moment)
    return {
        "namu": people[MEMBER].id,
        "suspended": people[SUSPENDED].id,
        "long_name": people["w" * 30].id,
        "board": get_board("album", COMMAND_LINE).id,
        "talk_board": get_board("talk", COMMAND_LINE).id,
        "tag": tag.id,
        "unused_tag": unused.id,
    }
