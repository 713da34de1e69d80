"""The fields of a poll in the form of a post."""

from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from madang.core.actor import Actor
from madang.core.db.dedup import digest
from madang.core.errors import Conflict, Forbidden, InvalidInput
from madang.core.i18n import _, current_zone
from madang.core.local_time import format_moment, parse_moment
from madang.core.web.forms import Form, choices
from madang.core.web.fragment_cache import render_macro
from madang.posts.models import Post

from .models import AFTER_VOTING, ALWAYS, CHOICE_MAX, CHOICES_MAX, POST_KIND, Poll
from .operations.writing import PollInput, choice_count_error, clean_poll, delete_poll, poll_errors, set_poll
from .queries import choices_of, find_poll

MULTIPLE = "multiple"
NAMES = ("poll_question", "poll_choices", "poll_kind", "poll_results", "poll_closes_at")
MAX_CHOICES_LENGTH = 4 * CHOICES_MAX * CHOICE_MAX  # of the text with all of them, with empty lines


class PollFields(Form):
    """A poll. The first choice of both lists is empty, so that a form without a poll is empty too.

    `poll_begun` is the digest of the fields with which the form began; empty for a form without a poll.
    """

    poll_question = StringField("poll_question")
    poll_choices = TextAreaField("poll_choices")
    poll_kind = SelectField("poll_kind", choices=[], validate_choice=False)
    poll_results = SelectField("poll_results", choices=[], validate_choice=False)
    poll_closes_at = StringField("poll_closes_at")
    poll_begun = HiddenField("poll_begun")


class PollPart:
    """The poll in the form of a post (`posts/fragments/slots.py#PostPart`)."""

    fields = PollFields

    def suits(self, kind: str) -> bool:
        return kind == POST_KIND

    def values(self, post: Post | None, draft: Mapping[str, str]) -> Mapping[str, str]:
        is_changed = _digest(draft) != draft.get("poll_begun", "")
        if is_changed:
            return {name: draft.get(name, "") for name in (*NAMES, "poll_begun")}
        stored = _stored_fields(post)
        return {**stored, "poll_begun": _digest(stored)}

    def render(self, form: Form, post: Post | None) -> Markup:
        if post is not None and not self.suits(post.kind):
            return Markup()
        poll = find_poll(post) if post else None
        has_votes, zone = bool(poll and poll.voter_count), current_zone().replace("_", " ")
        if has_votes:  # what cannot change is shown as it is
            for name in ("poll_question", "poll_choices", "poll_kind"):
                form[name].data = _stored_fields(post)[name]
        _set_labels(form)
        is_open = bool(_digest(_fields(form))) or any(form[name].errors for name in NAMES)
        return render_macro("polls/fields.html", "poll_fields", form, is_open, has_votes, zone)

    def errors(self, form: Form, kind: str) -> Mapping[str, str]:
        if not _digest(_fields(form)):
            return {}
        if not self.suits(kind):
            message = _("Only posts of a talk board can have a poll. Choose one, or clear these fields.")
            return {"poll_question": message}
        if len(form.text("poll_choices")) > MAX_CHOICES_LENGTH:
            return {"poll_choices": choice_count_error()}
        try:
            errors = poll_errors(clean_poll(_input(form)))
        except InvalidInput as error:
            errors = error.fields
        return {f"poll_{name}": error for name, error in errors.items()}

    def save(self, form: Form, post: Post, *, actor: Actor, now: datetime) -> None:
        begun, wanted, stored = form.text("poll_begun"), _digest(_fields(form)), _digest(_stored_fields(post))
        if wanted in (begun, stored):
            return
        if begun != stored:
            form["poll_begun"].data = stored
            raise InvalidInput(_changed_message(), field="poll_question")
        try:
            if wanted:
                set_poll(post, _input(form, find_poll(post)), actor=actor, now=now)
            else:
                delete_poll(post, actor=actor)
        except InvalidInput as error:
            raise InvalidInput(fields={f"poll_{name}": text for name, text in error.fields.items()}) from None
        except (Conflict, Forbidden) as error:
            raise InvalidInput(error.message, field="poll_question") from None


def _stored_fields(post: Post | None) -> dict[str, str]:
    """The poll of `post` as the form shows it; without a poll all fields are empty."""
    poll = find_poll(post) if post else None
    if poll is None:
        return dict.fromkeys(NAMES, "")
    return {
        "poll_question": poll.question,
        "poll_choices": "\n".join(choice.text for choice in choices_of(poll)),
        "poll_kind": MULTIPLE if poll.is_multiple else "",
        "poll_results": "" if poll.results == ALWAYS else poll.results,
        "poll_closes_at": format_moment(poll.closes_at, current_zone()),
    }


def _fields(form: Form) -> dict[str, str]:
    return {name: form.text(name) for name in NAMES}


def _digest(fields: Mapping[str, str]) -> str:
    """A digest of the fields, the same for texts that differ in spaces and empty lines; empty if there is no poll."""
    texts = [" ".join(fields.get(name, "").split(" ")).strip() for name in NAMES]
    lines = [line.strip() for line in texts[1][: MAX_CHOICES_LENGTH + 1].splitlines()]
    texts[1] = "\n".join(line for line in lines if line)
    return digest(*texts) if texts[0] or texts[1] else ""


def _input(form: Form, poll: Poll | None = None) -> PollInput:
    """The poll as it was filled in. Raises `InvalidInput` (closes_at).

    The form shows the end of an existing `poll` to the second; if it was not changed, the exact end stays.
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
        message = _("Please write dates like 2026-11-21 and times like 15:30.")
        raise InvalidInput(message, field="closes_at") from None


def _changed_message() -> str:
    return _(
        "Someone has changed this poll in the meantime. Please look at it on its "
        "page; saving again replaces their version."
    )


def _set_labels(form: Form) -> None:
    labels = {
        "poll_question": _("Question of the poll"),
        "poll_choices": _("Choices"),
        "poll_kind": _("Choices per person"),
        "poll_results": _("Who sees the results"),
        "poll_closes_at": _("Ends at"),
    }
    for name, label in labels.items():
        form[name].label.text = label
    form["poll_kind"].choices = choices([("", _("One choice")), (MULTIPLE, _("Several choices"))])
    form["poll_results"].choices = choices(
        [("", _("Everyone, at any time")), (AFTER_VOTING, _("Only those who voted, until the poll ends"))]
    )
