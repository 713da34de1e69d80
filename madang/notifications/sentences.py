"""The sentence of a listed notification, for pages, mails, digests and the API."""

from collections.abc import Sequence

from madang.core.i18n import _, ngettext

from .kinds import KINDS
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


def line_sentence(line: NotificationLine) -> str:
    """The sentence of a line; does not name a post or comment that was deleted."""
    if line.is_gone:
        return _("This was about something that has been taken away")
    people = describe_actors([person.display_name for person in line.people], line.payload.get("count", 1))
    return KINDS[line.name].sentence(people, line.title, line.payload)
