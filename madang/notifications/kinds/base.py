"""What a kind of notification defines: `Kind`, and `EventKind` for one that an event causes."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from ..models.tables import Payload

CHANNELS = ("web", "email", "both", "none")

Ids = dict[str, int]  # the ids of an event: its fields that end in `_id`


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notification to send: its kind, whom it is for, and what it is about.

    `payload` holds `url`, the path to which it leads, and as far as they apply `post_id` and `comment_id` (where they
    are deleted, the notification does not name them), `title`, and `actor_id`, the person who caused it: neither they
    nor people who blocked them are notified.
    """

    kind: str
    recipients: Iterable[int | None]  # None, a deleted account, is ignored
    dedupe_key: str  # nobody is notified twice with the same key, even by another kind
    group_key: str  # unread notifications of one group are one row, "Ann and 2 others ..."
    payload: Payload
    rest: Ids | None = None  # where there are many recipients: the ids with which the next job asks for more of them


defined: dict[str, "type[Kind]"] = {}  # by name


class Kind(ABC):
    """A kind of notification: its texts, its icon and its default channel. It has no state.

    A subclass with a `name` is a kind. Raises `ValueError` for a name that is taken.
    """

    name: ClassVar[str]  # stored in notifications and preferences: it never changes
    position: ClassVar[int]  # in the preferences; what happens to one's own texts comes first
    icon: ClassVar[str]  # a name from frontend/icons.txt
    default_channel: ClassVar[str] = "both"  # of `CHANNELS`; "email" and "both" send a mail
    is_in_thread: ClassVar[bool] = True  # its mails belong to those about the same post or conversation

    def __init_subclass__(cls) -> None:
        if "name" in vars(cls) and defined.setdefault(cls.name, cls) is not cls:
            raise ValueError(f"Two kinds of notification are named {cls.name}.")

    is_for_staff: ClassVar[bool] = False  # only moderators can choose its channel

    @abstractmethod
    def label(self) -> str:
        """The label in the preferences, from the recipient's view: "Someone answers my question"."""

    @abstractmethod
    def sentence(self, who: str, title: str, payload: Payload) -> str:
        """The notification in words, on pages, in the API and in mails (as the subject, where they have no thread).

        `who` are the people of a group ("Ann and 2 others"), `title` is the post's title, else `payload["title"]`.
        """

    def is_delivered_by(self, channel: str, choices: dict[str, str]) -> bool:
        """Whether a person with these choices (channels by kind) receives it by `channel` ("web" or "email")."""
        return choices.get(self.name, self.default_channel) in (channel, "both")


class EventKind(Kind):
    """A kind that an event causes; `madang/subscriptions.py` names it beside the event, in `NotifyOf`."""

    delay: ClassVar[timedelta | None] = timedelta(0)  # of the job after the event; None: no job, at once

    def is_caused_by(self, event: object) -> bool:
        """Whether the event is a reason at all, such as a vote up; asked without a query when it is emitted."""
        return True

    @abstractmethod
    def notice(self, ids: Ids) -> Notice | None:
        """Read the current state and return whom to notify of what; None if there is no reason any more.

        `ids` are the ids of the event. This runs in a job, when a post may be deleted or a vote withdrawn again.
        """
