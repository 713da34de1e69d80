"""Sentences of notifications, for pages, mails, digests and the API."""

from collections.abc import Sequence

from madang.core.i18n import _, ngettext
from madang.core.queue.functions import job_title

from .models.tables import Payload
from .queries import NotificationLine


def describe_actors(names: Sequence[str], count: int) -> str:
    """Join people into the subject of a sentence, the latest first; `count` is the number of all of them."""
    if not names:
        return _("Somebody")
    if len(names) == 1:
        return _("%(name)s", name=names[0])
    if len(names) == 2 and count == 2:
        return _("%(first)s and %(second)s", first=names[0], second=names[1])
    return ngettext("%(first)s and %(num)s other", "%(first)s and %(num)s others", count - 1, first=names[0])


def notification_sentence(name: str, people: str, title: str, payload: Payload) -> str:
    """The sentence of a notification of the kind `name`."""
    values = {"who": people, "title": title}
    if name == "job_finished":
        return _job_sentence(payload)
    if name == "flag_settled":
        return _flag_sentence(title, payload)
    return {
        "answer_posted": _("%(who)s answered your question “%(title)s”", **values),
        "comment_posted": _("%(who)s commented on “%(title)s”", **values),
        "mentioned": _("%(who)s mentioned you in “%(title)s”", **values),
        "answer_accepted": _("%(who)s accepted your answer to “%(title)s”", **values),
        "post_voted": _("%(who)s voted for what you wrote in “%(title)s”", **values),
        "followed_question_answered": _("%(who)s answered “%(title)s”, a question that you follow", **values),
        "person_followed": _("%(who)s began to follow you", **values),
        "message_received": _("%(who)s wrote you a message", **values),
        "todo_due": _("You asked to be reminded: %(title)s", **values),
    }[name]


def _job_sentence(payload: Payload) -> str:
    title = job_title(payload["job_name"])
    if payload.get("state") == "done":
        return _("“%(title)s” is done", title=title)
    return _("“%(title)s” did not work out", title=title)


def _flag_sentence(title: str, payload: Payload) -> str:
    """The verdict on a flag; without a title if the flagged post is not visible any more."""
    is_upheld = payload.get("verdict") == "upheld"
    if not title:
        if is_upheld:
            return _("The moderators agreed with your flag, and it has been taken away. Thank you")
        return _("The moderators looked at what you flagged and saw nothing wrong with it")
    if is_upheld:
        return _("The moderators agreed with your flag in “%(title)s”. Thank you", title=title)
    return _("The moderators looked at what you flagged in “%(title)s” and let it stand", title=title)


def line_sentence(line: NotificationLine) -> str:
    """The sentence of a line; does not name a post or comment that was deleted."""
    if line.is_gone:
        return _("This was about something that has been taken away")
    people = describe_actors([person.display_name for person in line.people], line.payload.get("count", 1))
    return notification_sentence(line.name, people, line.title, line.payload)


def kind_label(name: str) -> str:
    """The label of a kind in the preferences."""
    return {
        "answer_posted": _("Somebody answers my question"),
        "comment_posted": _("Somebody comments on what I wrote"),
        "mentioned": _("Somebody mentions me"),
        "answer_accepted": _("My answer is accepted"),
        "post_voted": _("Somebody votes for what I wrote"),
        "followed_question_answered": _("Somebody answers a question that I follow"),
        "person_followed": _("Somebody begins to follow me"),
        "message_received": _("Somebody writes me a message"),
        "job_finished": _("A job of mine is done"),
        "flag_settled": _("The moderators decide about what I flagged"),
        "todo_due": _("A reminder of mine is due"),
    }[name]


def icon_of(name: str) -> str:
    """The name of a kind's icon."""
    return {
        "answer_posted": "chat-left-text",
        "comment_posted": "chat",
        "mentioned": "person",
        "answer_accepted": "check-circle",
        "post_voted": "chevron-up",
        "followed_question_answered": "chat-left-text",
        "person_followed": "person-plus",
        "message_received": "envelope",
        "job_finished": "gear",
        "flag_settled": "flag",
        "todo_due": "clock-history",
    }[name]
