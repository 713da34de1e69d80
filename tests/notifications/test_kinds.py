"""The kinds of notification: what every one of them must define, their sentences and their default channels."""

import ast

import pytest

from madang.core.i18n import use_locale
from madang.notifications import kinds
from madang.notifications.kinds import CHANNELS, EVENT_KINDS, KINDS, EventKind, Kind
from madang.notifications.models.tables import Payload
from madang.notifications.subscribers import NotifyOf
from madang.subscriptions import SUBSCRIPTIONS
from tests.conventions import PACKAGE, ROOT, called, calls

WHO, TITLE = "%(who)s", "%(title)s"  # filled in as they are, they leave the text as it is in the code
GROUP = {"names": {"en": "%(group)s", "ko": "%(group)s"}}
# The sentences of a kind, as (title, payload), where it has several.
VARIANTS: dict[str, list[tuple[str, Payload]]] = {
    "group_requested": [("", GROUP)],
    "group_invited": [("", GROUP)],
    "membership_changed": [
        ("", {**GROUP, "change": change}) for change in ("added", "accepted", "declined", "removed")
    ],
    "job_finished": [("", {"job_name": TITLE, "state": state}) for state in ("done", "failed")],
    "content_flagged": [(TITLE, {}), (TITLE, {"is_request": True})],
    "backup_failed": [("", {"reason": "%(reason)s"})],
    "deletion_decided": [
        (TITLE, {"verdict": "upheld"}),
        (TITLE, {"verdict": "declined"}),
        (TITLE, {"verdict": "declined", "reply": "%(reply)s"}),
    ],
    "flag_settled": [(title, {"verdict": verdict}) for title in (TITLE, "") for verdict in ("upheld", "declined")],
    "todo_due": [(title, {}) for title in (TITLE, "")],
}
WITHOUT_A_KIND = {"__init__.py", "base.py", "lookups.py"}
FOLDER = PACKAGE / "notifications" / "kinds"


def texts_of(kind: Kind) -> list[str]:
    """The label and every sentence in the current language, with placeholders for people and title."""
    return [kind.label(), *(kind.sentence(WHO, *variant) for variant in VARIANTS.get(kind.name, [(TITLE, {})]))]


def placeholders_of(text: str) -> set[str]:
    return {placeholder for placeholder in (WHO, TITLE) if placeholder in text}


@pytest.mark.usefixtures("app")  # it loads the translations
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_speaks_english_and_korean(name):
    with use_locale("en"):
        english = texts_of(KINDS[name])
    with use_locale("ko"):
        korean = texts_of(KINDS[name])
    for text, translation in zip(english, korean, strict=True):
        assert text and text.strip() == text
        assert translation != text, "it is not translated in translations/ko/notifications.po"
        assert placeholders_of(translation) == placeholders_of(text)


@pytest.mark.parametrize("name", KINDS)
def test_every_text_of_a_kind_is_tested(name):
    """A text in the code that `texts_of` does not find belongs to a variant that `VARIANTS` does not list."""
    written = {
        call.args[0].value
        for call in calls(FOLDER / f"{name}.py")
        if called(call) == "_" and isinstance(call.args[0], ast.Constant)
    }
    with use_locale("en"):
        assert set(texts_of(KINDS[name])) == written


def test_every_file_of_the_folder_is_a_kind_of_its_name():
    files = {path.name for path in FOLDER.glob("*.py")} - WITHOUT_A_KIND
    assert {f"{name}.py" for name in KINDS} == files
    assert all(type(kind).__module__ == f"{kinds.__name__}.{name}" for name, kind in KINDS.items())


def test_two_kinds_cannot_share_a_name():
    with pytest.raises(ValueError, match="answer_posted"):
        type("AnotherAnswerPosted", (Kind,), {"name": "answer_posted"})
    assert type(KINDS["answer_posted"]).__name__ == "AnswerPosted"


def test_a_kind_has_all_that_a_kind_needs():
    with pytest.raises(TypeError, match="sentence"):
        type("Silent", (Kind,), {"label": lambda self: "Something"})()


def test_every_kind_has_an_icon_a_channel_and_a_position_of_its_own():
    icons = set((ROOT / "frontend" / "icons.txt").read_text(encoding="utf-8").split())
    assert {kind.icon for kind in KINDS.values()} - icons == set()
    assert {kind.default_channel for kind in KINDS.values()} <= set(CHANNELS)
    assert len({kind.position for kind in KINDS.values()}) == len(KINDS)


def subscriptions() -> list[tuple[type, EventKind]]:
    """The kinds that an event causes, as (event, kind)."""
    notifying = [(event, one) for event, all in SUBSCRIPTIONS.items() for one in all if isinstance(one, NotifyOf)]
    return [(event, kind) for event, one in notifying for kind in one.kinds]


def test_every_kind_of_an_event_is_subscribed():
    assert {kind.name for _event, kind in subscriptions()} == set(EVENT_KINDS)


@pytest.mark.each_database
@pytest.mark.parametrize(("event", "kind"), subscriptions())
def test_an_event_whose_rows_are_gone_notifies_nobody(app, event, kind):
    """The event has the ids that the kind reads, and the kind checks that the rows are still there."""
    ids = {name: 9_999 for name in event.__annotations__ if name.endswith("_id")}
    with app.app_context():
        assert kind.notice(ids) is None


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("name", "payload", "text"),
    [
        ("answer_posted", {}, "Ann answered your question “A yard”"),
        ("comment_posted", {}, "Ann commented on “A yard”"),
        ("mentioned", {}, "Ann mentioned you in “A yard”"),
        ("answer_accepted", {}, "Ann accepted your answer to “A yard”"),
        ("post_voted", {}, "Ann voted for what you wrote in “A yard”"),
        ("followed_question_answered", {}, "Ann answered “A yard”, a question you follow"),
        ("person_followed", {}, "Ann started following you"),
        ("message_received", {}, "Ann wrote you a message"),
        ("todo_due", {}, "Reminder: A yard"),
        ("job_finished", {"job_name": "gone.job", "state": "done"}, "“gone.job” is done"),
        ("job_finished", {"job_name": "gone.job", "state": "failed"}, "“gone.job” failed"),
        (
            "flag_settled",
            {"verdict": "upheld"},
            "The moderators accepted your flag in “A yard”. Thank you",
        ),
        (
            "flag_settled",
            {"verdict": "declined"},
            "The moderators looked at what you flagged in “A yard” and decided to keep it",
        ),
    ],
)
def test_sentence(name, payload, text):
    assert KINDS[name].sentence("Ann", "A yard", payload) == text


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        ("upheld", "The moderators accepted your flag and deleted it. Thank you"),
        ("declined", "The moderators looked at what you flagged and found nothing wrong with it"),
    ],
)
def test_a_verdict_on_a_deleted_post_has_no_title(verdict, text):
    assert KINDS["flag_settled"].sentence("", "", {"verdict": verdict}) == text


@pytest.mark.parametrize(
    ("choice", "web", "email"),
    [("web", True, False), ("email", False, True), ("both", True, True), ("none", False, False)],
)
def test_a_chosen_channel_is_used(choice, web, email):
    kind, choices = KINDS["mentioned"], {"mentioned": choice}
    assert (kind.is_delivered_by("web", choices), kind.is_delivered_by("email", choices)) == (web, email)
    assert choice in CHANNELS


@pytest.mark.parametrize(
    ("name", "web", "email"),
    [
        ("answer_posted", True, True),
        ("comment_posted", True, True),
        ("mentioned", True, True),
        ("answer_accepted", True, True),
        ("todo_due", True, True),
        ("post_voted", True, False),
        ("followed_question_answered", True, False),
        ("person_followed", True, False),
        ("job_finished", True, False),
        ("flag_settled", True, False),
        ("message_received", False, True),
    ],
)
def test_default_channels(name, web, email):
    assert (KINDS[name].is_delivered_by("web", {}), KINDS[name].is_delivered_by("email", {})) == (web, email)
