"""HTML forms of administration: accounts, suspensions, deletion, merging, boards, groups, tags, settings."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Length

from madang.accounts.models import DISPLAY_NAME_MAX, EMAIL_MAX, REASON_MAX, ROLES
from madang.accounts.policies.usernames import MAX_USERNAME
from madang.accounts.sentences import role_words
from madang.boards import models as boards
from madang.boards.models import BOARD_KINDS, SLUG_MAX
from madang.boards.policies import GROUPS, READERS
from madang.boards.sentences import audience_words
from madang.config import Setting
from madang.config.kinds import TIMEZONE
from madang.core.i18n import LANGUAGE_NAMES, LOCALES, _, current_zone, zones
from madang.core.text import MAX_TAG
from madang.core.web.forms import Form, choices
from madang.groups import models as groups
from madang.groups.operations.managing import GroupInput
from madang.groups.queries import group_names
from madang.groups.sentences import color_words, joining_words

from .sentences.settings import choice_words

NUMBER_MAX = 9
DOMAINS_LENGTH = 2_000  # of the text with all e-mail domains of a group


def board_kind_words(kind: str) -> str:
    """The name of a kind of board."""
    return {
        "qa": _("Questions and answers"),
        "talk": _("Talk"),
        "notice": _("Notices"),
        "gallery": _("Pictures"),
    }[kind]


class AccountForm(Form):
    username = StringField("username", validators=[Length(max=MAX_USERNAME)])
    display_name = StringField("display_name", validators=[Length(max=DISPLAY_NAME_MAX)])
    email = StringField("email", validators=[Length(max=EMAIL_MAX)])
    role = SelectField("role", choices=[], validate_choice=False)

    def set_labels(self) -> "AccountForm":
        self.username.label.text = _("Username")
        self.display_name.label.text = _("Display name")
        self.email.label.text = _("E-mail address")
        self.role.label.text = _("Role")
        self.role.choices = choices((role, role_words(role)) for role in ROLES)
        return self

    def values(self) -> dict[str, str]:
        """The submitted fields by name."""
        return {name: self.text(name) for name in ("username", "display_name", "email", "role")}


class SuspensionForm(Form):
    reason = StringField("reason", validators=[Length(max=REASON_MAX)])
    until = StringField("until")

    def set_labels(self) -> "SuspensionForm":
        self.reason.label.text = _("Reason")
        self.until.label.text = _("Last day of the suspension")
        return self

    def end(self) -> datetime | None:
        """The last second of the chosen day in the reader's time zone; None if it is no date."""
        try:
            day = date.fromisoformat(self.text("until")) + timedelta(days=1)
        except (ValueError, OverflowError):
            return None
        return datetime.combine(day, time(), ZoneInfo(current_zone())) - timedelta(seconds=1)


class RemovalForm(Form):
    """Deletion of an account: the reason, and whether to keep its content."""

    reason = StringField("reason", validators=[Length(max=REASON_MAX)])
    content = RadioField("content", choices=[], validate_choice=False)

    def set_labels(self) -> "RemovalForm":
        self.reason.label.text = _("Reason")
        self.content.label.text = _("Their posts and comments")
        self.content.choices = choices(
            (("keep", _("Keep them under “deleted user”")), ("remove", _("Delete them, and remove their votes")))
        )
        return self


class IntoForm(Form):
    """Target of a merge: an account or a tag."""

    into = StringField("into", validators=[Length(max=MAX_USERNAME)])


class BoardForm(Form):
    """A board; `name_<language>` and `description_<language>` are below."""

    slug = StringField("slug", validators=[Length(max=SLUG_MAX)])
    kind = SelectField("kind", choices=[], validate_choice=False)
    position = StringField("position", validators=[Length(max=NUMBER_MAX)])
    archived = BooleanField("archived")
    readers = SelectField("readers", choices=[], validate_choice=False)
    reader_group_ids = SelectMultipleField("reader_group_ids", choices=[], validate_choice=False)
    uses_math = BooleanField("uses_math")
    asks_before_vote = BooleanField("asks_before_vote")

    def set_labels(self) -> "BoardForm":
        for locale, language in LANGUAGE_NAMES.items():
            self[f"name_{locale}"].label.text = _("Name (%(language)s)", language=language)
            self[f"description_{locale}"].label.text = _("Description (%(language)s)", language=language)
        self.slug.label.text = _("Address")
        self.kind.label.text = _("Kind of board")
        self.kind.choices = choices((kind, board_kind_words(kind)) for kind in BOARD_KINDS)
        self.readers.label.text = _("Who may see it")
        groups_by_id = group_names()
        audiences = READERS if groups_by_id else [each for each in READERS if each != GROUPS]
        self.readers.choices = choices((readers, audience_words(readers)) for readers in audiences)
        self.reader_group_ids.label.text = _("Groups that may see it")
        self.reader_group_ids.choices = choices((str(key), name) for key, name in groups_by_id.items())
        self.position.label.text = _("Position in the list")
        self.archived.label.text = _("Archived: accepts no new posts")
        self.uses_math.label.text = _("Mathematics: text between dollar signs is shown as a formula")
        self.asks_before_vote.label.text = _("Ask before a vote counts")
        return self

    def texts(self, name: str) -> dict[str, str]:
        """The submitted texts of `name` or `description` by language."""
        return {locale: self.text(f"{name}_{locale}") for locale in LOCALES}

    def group_ids(self) -> list[int]:
        """The submitted groups; what is no number is left out."""
        return [int(each) for each in self.reader_group_ids.data or () if each.isascii() and each.isdigit()]

    def number(self) -> int | None:
        """The submitted position; None if it is no number."""
        typed = self.text("position").strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= NUMBER_MAX else None


class GroupForm(Form):
    """A group; `name_<language>` and `description_<language>` are below."""

    slug = StringField("slug", validators=[Length(max=groups.SLUG_MAX)])
    color = SelectField("color", choices=[], validate_choice=False)
    joining = SelectField("joining", choices=[], validate_choice=False)
    shows_badge = BooleanField("shows_badge")
    shows_members = BooleanField("shows_members")
    email_domains = StringField("email_domains", validators=[Length(max=DOMAINS_LENGTH)])

    def set_labels(self) -> "GroupForm":
        for locale, language in LANGUAGE_NAMES.items():
            self[f"name_{locale}"].label.text = _("Name (%(language)s)", language=language)
            self[f"description_{locale}"].label.text = _("Description (%(language)s)", language=language)
        self.slug.label.text = _("Address")
        self.color.label.text = _("Color of the badge")
        self.color.choices = choices((color, color_words(color)) for color in groups.COLORS)
        self.joining.label.text = _("How people join")
        self.joining.choices = choices((joining, joining_words(joining)) for joining in groups.JOINING)
        self.shows_badge.label.text = _("Show a badge on the profiles and cards of its members")
        self.shows_members.label.text = _("Everyone sees who is in the group")
        self.email_domains.label.text = _("E-mail domains")
        return self

    def texts(self, name: str) -> dict[str, str]:
        """The submitted texts of `name` or `description` by language."""
        return {locale: self.text(f"{name}_{locale}") for locale in LOCALES}

    def values(self) -> GroupInput:
        """The group as it was filled in."""
        return GroupInput(
            slug=self.text("slug"),
            names=self.texts("name"),
            descriptions=self.texts("description"),
            color=self.text("color"),
            joining=self.text("joining"),
            shows_badge=bool(self.shows_badge.data),
            shows_members=bool(self.shows_members.data),
            email_domains=self.text("email_domains"),
        )


for _locale in LOCALES:
    for _form, _limits in ((BoardForm, boards), (GroupForm, groups)):
        setattr(_form, f"name_{_locale}", StringField(validators=[Length(max=_limits.NAME_MAX)]))
        setattr(_form, f"description_{_locale}", StringField(validators=[Length(max=_limits.DESCRIPTION_MAX)]))


class BoardRemovalForm(Form):
    move_to = SelectField("move_to", choices=[], validate_choice=False)


class TagForm(Form):
    name = StringField("name", validators=[Length(max=MAX_TAG)])

    def set_labels(self) -> "TagForm":
        self.name.label.text = _("Name")
        return self


class SynonymForm(Form):
    synonym = StringField("synonym", validators=[Length(max=MAX_TAG)])

    def set_labels(self) -> "SynonymForm":
        self.synonym.label.text = _("Synonym")
        return self


def settings_form(definitions: Sequence[Setting]) -> type[Form]:
    """The form of some settings: a field for each, and a hidden one (`was_<name>`) for what the page has shown."""
    fields = {each.name: _field_of(each) for each in definitions}
    return type("SettingsForm", (Form,), fields | {f"was_{each.name}": HiddenField() for each in definitions})


def _field_of(definition: Setting) -> Field:
    if definition.secret:
        return PasswordField()
    if definition.kind == TIMEZONE:
        return SelectField(choices=choices((zone, zone) for zone in sorted(zones())), validate_choice=False)
    if words := definition.kind.words:
        return SelectField(choices=choices((word, choice_words(word)) for word in words), validate_choice=False)
    return StringField()


class TestMailForm(Form):
    address = StringField("address", validators=[Length(max=EMAIL_MAX)])

    def set_labels(self) -> "TestMailForm":
        self.address.label.text = _("E-mail address")
        return self
