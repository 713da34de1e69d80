"""Groups of the browser tests: by request with people in every state, open, hidden, and empty."""

from collections.abc import Callable, Collection
from datetime import datetime

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.groups.models import AMBER, GREEN, INVITATION, OPEN, REQUEST
from madang.groups.operations.managing import GroupInput, create_group
from madang.groups.operations.membership import add_people, set_owner
from madang.groups.operations.requests import ask_to_join, invite_people

from .content import ADMIN

OWNER, INVITED = "namu", "gaon"
MEMBERS = ("noor", "aiko", "솔바람", "w" * 30)
GROUPS = (
    GroupInput(
        slug="gardeners",
        names={"ko": "텃밭 지킴이", "en": "Gardeners"},
        descriptions={
            "ko": "마당의 텃밭을 함께 가꾸어요. 물 주는 날은 서로 정해요.",
            "en": "We look after the beds in the yard.",
        },
        color=GREEN,
        joining=REQUEST,
        shows_badge=True,
        shows_members=True,
        email_domains="example.com, 한글.kr",
    ),
    GroupInput(slug="walkers", names={"ko": "산책 모임"}, color=AMBER, joining=OPEN),
    GroupInput(slug="planners", names={"ko": "가을 잔치 준비"}, joining=INVITATION),
    GroupInput(slug="long", names={"ko": "아주" * 30, "en": "w" * 60}, joining=OPEN, shows_members=True),
)


def add_groups(actor: Callable[[str], Actor], people: dict[str, User], moment: datetime) -> dict[str, int]:
    """Create the groups, and let people join, ask and be invited. Returns the ids of the groups by their slugs."""
    groups = {given.slug: create_group(given, actor=actor(ADMIN), now=moment) for given in GROUPS}

    def named(names: Collection[str]) -> list[User]:
        return [people[name] for name in names]

    for slug, names in (("gardeners", (OWNER, *MEMBERS)), ("walkers", MEMBERS), ("planners", ("mina",))):
        add_people(groups[slug], named(names), actor=actor(ADMIN), now=moment)
    set_owner(groups["gardeners"], people[OWNER], True, actor=actor(ADMIN))
    for name, note in (("mina", "매일 아침 마당을 지나가요. 물 주는 것을 돕고 싶어요."), ("haneul", "")):
        ask_to_join(groups["gardeners"], actor=actor(name), note=note, now=moment)
    for slug in ("gardeners", "planners"):
        invite_people(groups[slug], named([INVITED]), actor=actor(ADMIN), note="함께해요!", now=moment)
    return {f"group_{slug}": group.id for slug, group in groups.items()}
