"""The sentence of a listed notification, for pages, mails, digests and the API."""

from collections.abc import Sequence

from madang.accounts.sentences import name_with_badge
from madang.core.actor import GUEST
from madang.core.i18n import _, ngettext

from .kinds import KINDS
from .queries import NotificationActor, NotificationLine

BADGE_MARK = "\0"  # occurs in no name and no title


def describe_actors(names: Sequence[str], count: int) -> str:
    """Join people into the subject of a sentence, the latest first; `count` is the number of all of them."""
    if not names:
        return _("Someone")
    if len(names) == 1:
        return _("%(name)s", name=names[0])
    if len(names) == 2 and count == 2:
        return _("%(first)s and %(second)s", first=names[0], second=names[1])
    return ngettext("%(first)s and %(num)s other", "%(first)s and %(num)s others", count - 1, first=names[0])


def line_sentence(line: NotificationLine) -> str:
    """The sentence of a line; does not name a post or comment that was deleted."""
    return _sentence(line, [person.display_name for person in line.people])


def sentence_around_badge(line: NotificationLine) -> tuple[str, str, str]:
    """The sentence before the badge of the one person that it tells of, their role, and the sentence after it.

    Without that person the role is empty and the sentence is whole.
    """
    if len(line.people) != 1 or line.payload.get("count", 1) != 1:
        return line_sentence(line), "", ""
    person = line.people[0]
    before, mark, after = _sentence(line, [person.display_name + BADGE_MARK]).partition(BADGE_MARK)
    return before, person.role if mark else "", after


def mailed_sentence(line: NotificationLine) -> str:
    """The sentence of a line for mails, which have no badges beside names."""
    return _sentence(line, [mailed_name(person) for person in line.people])


def mailed_name(person: NotificationActor) -> str:
    """The name of a person for mails. A guest has no username: the handle stands in the shown name."""
    return name_with_badge(person.display_name, None if person.role == GUEST else person.username, person.role)


def _sentence(line: NotificationLine, names: Sequence[str]) -> str:
    if line.is_gone:
        return _("This was about something that has been deleted")
    people = describe_actors(names, line.payload.get("count", 1))
    return KINDS[line.name].sentence(people, line.title, line.payload)
