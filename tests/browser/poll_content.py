"""Polls of the browser tests: open, with hidden results, ended."""

from collections.abc import Callable
from datetime import datetime, timedelta

from madang.boards.queries import get_board
from madang.core.actor import COMMAND_LINE, Actor
from madang.polls.models import AFTER_VOTING
from madang.polls.operations.voting import vote_in_poll
from madang.polls.operations.writing import PollInput, set_poll
from madang.polls.queries import choices_of, get_poll
from madang.posts.models import Post
from madang.posts.operations.publishing import publish_post

AUTHOR, VOTERS = "namu", ("mina", "noor", "namu")
LONG_CHOICE = "장소는 어디든 좋으니 " + "아주아주아주" * 6 + " 가까운 곳이면 좋겠어요"
POLLS = {
    "poll": PollInput("이번 모임은 어디에서 할까요?", ["마당", "정원 옆 작은 카페", LONG_CHOICE]),
    "hidden_poll": PollInput("간식은 무엇이 좋을까요?", ["떡", "과일", "커피"], is_multiple=True, results=AFTER_VOTING),
    "ended_poll": PollInput("지난 모임은 어땠나요?", ["좋았어요", "괜찮았어요", "아쉬웠어요"]),
}


def add_polls(actor: Callable[[str], Actor], moment: datetime) -> dict[str, int]:
    """Publish a post with each poll, the last long ago, and vote in it. Returns the ids of the posts by name."""
    places = {}
    for name, poll in POLLS.items():
        is_ended = name == "ended_poll"
        start = moment - timedelta(days=20 if is_ended else 1)
        post = publish_post(
            get_board("talk", COMMAND_LINE),
            actor=actor(AUTHOR),
            title=f"의견을 모아요: {poll.question}",
            body="의견을 들려주세요.",
            tags="모임",
            now=start,
        )
        end = start + timedelta(days=7) if is_ended else moment + timedelta(days=30)
        set_poll(post, _with_end(poll, end), actor=actor(AUTHOR), now=start)
        _vote(post, actor, start)
        places[name] = post.id
    return places


def _with_end(poll: PollInput, end: datetime) -> PollInput:
    return PollInput(poll.question, poll.choices, poll.is_multiple, poll.results, end)


def _vote(post: Post, actor: Callable[[str], Actor], now: datetime) -> None:
    choices = choices_of(get_poll(post))
    for number, name in enumerate(VOTERS):
        vote_in_poll(post, [choices[number % 2].id], actor=actor(name), now=now)
