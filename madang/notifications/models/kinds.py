"""Kinds of notification, and the channels by which people receive each kind."""

from dataclasses import dataclass

CHANNELS = ("web", "email", "both", "none")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notification and its default channel."""

    name: str
    default: str = "both"


KINDS = {
    kind.name: kind
    for kind in (
        Kind("answer_posted"),
        Kind("comment_posted"),
        Kind("mentioned"),
        Kind("answer_accepted"),
        Kind("post_voted", "web"),
        Kind("followed_question_answered", "web"),
        Kind("person_followed", "web"),
        Kind("message_received", "email"),  # the inbox has a badge on the page
        Kind("job_finished", "web"),
        Kind("flag_settled", "web"),
        Kind("todo_due"),
    )
}


def is_delivered_by(name: str, channel: str, choices: dict[str, str]) -> bool:
    """Whether a person with these choices receives a kind by `channel` ("web" or "email")."""
    return choices.get(name, KINDS[name].default) in (channel, "both")
