"""Private conversations of the browser tests' site."""

from collections.abc import Callable
from datetime import datetime, timedelta

from madang.accounts.operations.guests import make_guest
from madang.accounts.queries.actors import actor_of
from madang.accounts.queries.users import get_user
from madang.core.actor import Actor
from madang.core.db import db
from madang.messages.models import Conversation, Message
from madang.messages.operations.blocking import block_person
from madang.messages.operations.leaving import leave_conversation
from madang.messages.operations.reporting import report_message
from madang.messages.operations.writing import post_message, start_conversation, write_system_message
from madang.messages.queries.conversations import get_conversation

LONG = "https://example.org/" + "a-very-long-address-that-does-not-fit-on-a-phone" * 4
PAIR = (
    ("haneul", "안녕하세요, 어제 올리신 질문 보고 연락드려요. 옮기는 **순서**를 적어 둔 게 있어요."),
    ("namu", "오, 고맙습니다! 혹시 멈춤 시간은 얼마나 걸리셨어요?"),
    (
        "haneul",
        "10분쯤이요. 이렇게 했어요.\n\n1. 백업\n2. `pgloader`\n3. 비교\n\n```\nselect count(*)\n```",
    ),
    ("namu", "그대로 따라 해 볼게요. 되면 @haneul 님 답변으로 남겨 주세요."),
    ("haneul", f"그럴게요. 참고할 곳: {LONG}"),
)
GROUP = (
    ("gaon", "토요일 모임, 다들 오실 수 있나요? 열 시에 마당에서 봐요."),
    ("mina", "I can bring the projector. Is there a socket near the tree?"),
    ("tomas", "Buy watches! Best prices in town!"),
    ("dalbit", "저는 열한 시쯤 도착해요."),
)

GetActor = Callable[[str], Actor]


def write_messages(actor: GetActor, moment: datetime, *, with_states: bool) -> dict[str, int]:
    """Write the conversations; returns the ids that the tests need."""
    pair = _talk(actor, moment - timedelta(hours=30), "namu", PAIR)
    group = _talk(actor, moment - timedelta(hours=3), "namu, mina, dalbit, tomas", GROUP, title="토요일 모임")
    system_message = write_system_message(
        actor("namu").id or 0, body="낱말 수를 모두 세었어요. **1,204개**예요.", now=moment - timedelta(minutes=9)
    )
    assert system_message
    first = db.session.query(Message).filter_by(conversation_id=pair, author_id=actor("haneul").id).first()
    assert first
    places = {"conversation": pair, "group": group, "from_site": system_message.conversation_id, "message": first.id}
    return places | (_states(actor, moment, first) if with_states else {})


def _states(actor: GetActor, moment: datetime, reported: Message) -> dict[str, int]:
    """Add special states: a blocked person, a conversation that was left, long names, a guest, a report."""
    unwanted = _talk(actor, moment - timedelta(days=3), "namu", (("tomas", "Buy three watches!"),))
    block_person(get_user("tomas", actor("namu")), actor=actor("namu"), now=moment)
    left = _talk(actor, moment - timedelta(days=4), "namu, june", (("aiko", "今度は誰が来ますか。"),))
    leave_conversation(get_conversation(left, actor("namu"))[1], now=moment)
    _talk(actor, moment - timedelta(days=5), "namu", (("w" * 30, "W" * 400),))
    guest = make_guest(now=moment, locale="ko")
    with_guest = _talk(actor, moment - timedelta(hours=5), guest.username, (("namu", "손님, 어떤 점이 궁금하세요?"),))
    answer = "모임에 아이를 데려가도 되나요?"
    post_message(db.session.get_one(Conversation, with_guest), actor=actor_of(guest), body=answer, now=moment)
    report_message(reported, actor=actor("namu"), reason="광고 같아요. 확인해 주세요.", now=moment)
    return {"blocked": unwanted, "left": left, "with_guest": with_guest}


def _talk(actor: GetActor, moment: datetime, to: str, words: tuple[tuple[str, str], ...], *, title: str = "") -> int:
    """The first author writes `to` the others, the rest answer; returns the conversation's id."""
    (author, body), *answers = words
    first = start_conversation(actor=actor(author), to=to, title=title, body=body, now=moment)
    conversation = db.session.get_one(Conversation, first.conversation_id)
    for number, (name, said) in enumerate(answers, 1):
        post_message(conversation, actor=actor(name), body=said, now=moment + timedelta(minutes=7 * number))
    return conversation.id
