"""The fields of a poll in the form of a post."""

from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup
from wtforms import SelectField, StringField, TextAreaField

from madang.core.actor import Actor
from madang.core.errors import InvalidInput
from madang.core.i18n import _, current_zone
from madang.core.local_time import format_moment, parse_moment
from madang.core.web.forms import Form, choices
from madang.core.web.fragment_cache import render_macro
from madang.posts.models import Post

from .models import AFTER_VOTING, ALWAYS, POST_KIND, Poll
from .operations.writing import PollInput, clean_poll, delete_poll, poll_errors, set_poll
from .queries import choices_of, find_poll

MULTIPLE = "multiple"
NAMES = ("question", "choices", "kind", "results", "closes_at")


class PollFields(Form):
    """A poll. The first choice of both lists is empty, so that a form without a poll is empty too."""

    poll_question = StringField("poll_question")
    poll_choices = TextAreaField("poll_choices")
    poll_kind = SelectField("poll_kind", choices=[], validate_choice=False)
    poll_results = SelectField("poll_results", choices=[], validate_choice=False)
    poll_closes_at = StringField("poll_closes_at")


class PollPart:
    """The poll in the form of a post (`posts/fragments/slots.py#PostPart`)."""

    fields = PollFields

    def values_of(self, post: Post) -> Mapping[str, str]:
        poll = find_poll(post)
        if poll is None:
            return {}
        return {
            "poll_question": poll.question,
            "poll_choices": "\n".join(choice.text for choice in choices_of(poll)),
            "poll_kind": MULTIPLE if poll.is_multiple else "",
            "poll_results": "" if poll.results == ALWAYS else poll.results,
            "poll_closes_at": format_moment(poll.closes_at, current_zone()),
        }

    def render(self, form: Form, post: Post | None) -> Markup:
        if post is not None and post.kind != POST_KIND:
            return Markup()
        _set_labels(form)
        poll = find_poll(post) if post else None
        is_open = _is_filled(form) or any(form[f"poll_{name}"].errors for name in NAMES)
        has_votes, zone = bool(poll and poll.voter_count), current_zone().replace("_", " ")
        return render_macro("polls/fields.html", "poll_fields", form, is_open, has_votes, zone)

    def errors(self, form: Form, kind: str) -> Mapping[str, str]:
        if not _is_filled(form):
            return {}
        if kind != POST_KIND:
            return {
                "poll_question": _("Only posts of a talk board can have a poll. Choose one, or empty these fields.")
            }
        try:
            errors = poll_errors(clean_poll(_input(form)))
        except InvalidInput as error:
            errors = error.fields
        return {f"poll_{name}": error for name, error in errors.items()}

    def save(self, form: Form, post: Post, *, actor: Actor, now: datetime) -> None:
        poll = find_poll(post)
        if _is_filled(form):
            try:
                set_poll(post, _input(form, poll), actor=actor, now=now)
            except InvalidInput as error:
                fields = {f"poll_{name}": message for name, message in error.fields.items()}
                raise InvalidInput(fields=fields) from None
        elif poll is not None:
            delete_poll(post, actor=actor)


def _is_filled(form: Form) -> bool:
    return bool(form.text("poll_question").strip() or form.text("poll_choices").strip())


def _input(form: Form, poll: Poll | None = None) -> PollInput:
    """The poll as it was filled in. Raises `InvalidInput` (closes_at).

    The form shows the end of an existing `poll` to the minute; if it was not changed, the exact end stays.
    """
    closes_at, text = poll.closes_at if poll else None, form.text("poll_closes_at").strip()
    if text != format_moment(closes_at, current_zone()):
        closes_at = _moment(text)
    return PollInput(
        question=form.text("poll_question"),
        choices=form.text("poll_choices").splitlines(),
        is_multiple=form.text("poll_kind") == MULTIPLE,
        results=form.text("poll_results") or ALWAYS,
        closes_at=closes_at,
    )


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return parse_moment(text, current_zone())
    except ValueError:
        message = _("Please write a day as 2026-11-21 and a time as 15:30.")
        raise InvalidInput(message, field="closes_at") from None


def _set_labels(form: Form) -> None:
    labels = {
        "question": _("Question of the poll"),
        "choices": _("Choices"),
        "kind": _("Answers of each person"),
        "results": _("Who sees the results"),
        "closes_at": _("Ends at"),
    }
    for name, label in labels.items():
        form[f"poll_{name}"].label.text = label
    form["poll_kind"].choices = choices([("", _("One choice")), (MULTIPLE, _("Several choices"))])
    form["poll_results"].choices = choices(
        [("", _("Everybody, at any time")), (AFTER_VOTING, _("Only those who voted, until the poll ends"))]
    )
