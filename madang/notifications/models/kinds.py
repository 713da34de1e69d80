"""The kinds of activity that people choose about."""

from dataclasses import dataclass

WHERE = ("web", "email", "both", "none")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of activity and where one is told of it unless one chose otherwise."""

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
        Kind("message_received", "email"),  # the badge of the inbox tells it on the page
        Kind("job_finished", "web"),
        Kind("flag_settled", "web"),
        Kind("todo_due"),
    )
}


def is_told_by(name: str, where: str, choices: dict[str, str]) -> bool:
    """Whether somebody with these choices is told of a kind there ("web" or "email")."""
    return choices.get(name, KINDS[name].default) in (where, "both")
