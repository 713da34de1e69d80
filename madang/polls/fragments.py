"""The poll under a post, as a cached fragment."""

from dataclasses import dataclass

from markupsafe import Markup

from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.web.fragment_cache import fragment
from madang.posts.fragments.addresses import DiscussedPost, login_path

from .policies import can_vote_on_poll, can_write_poll
from .queries import ChoiceRow, PollRow, find_poll_row


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll as its template reads it; `login_url` is None for those who are logged in and for an ended poll."""

    poll: PollRow
    can_vote: bool
    can_end: bool
    login_url: str | None

    def percent(self, choice: ChoiceRow) -> int:
        """The share of the voters who chose `choice`, from 0 to 100."""
        return round(100 * (choice.vote_count or 0) / (self.poll.voter_count or 1))


def poll_fragment(post: DiscussedPost, actor: Actor) -> Markup:
    """The poll of a post; empty if it has none."""
    moment = now()
    poll = find_poll_row(post, actor, now=moment)
    if poll is None:
        return Markup()
    view = PollView(
        poll=poll,
        can_vote=can_vote_on_poll(actor, poll, post, now=moment),
        can_end=not poll.is_ended and can_write_poll(actor, post),
        login_url=None if poll.is_ended else login_path(actor, post),
    )
    return fragment("polls/poll.html", "poll", view)
