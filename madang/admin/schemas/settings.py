"""API schemas of settings and of their changes."""

from madang.core.rest.schemas import (
    ListQuery,
    Schema,
    boolean_field,
    computed_field,
    integer_field,
    moment_field,
    text_field,
    text_list_field,
)

from ..sentences.settings import allowed_words, change_words


class SettingSchema(Schema):
    """A setting of the site."""

    name = text_field("Its name.", "POSTS_PER_PAGE")
    variable = text_field("The variable of the environment that sets it.", "MADANG_POSTS_PER_PAGE")
    group = text_field("The group that it belongs to.", "Site")
    kind = computed_field(text_field("The type of its value.", "number"), lambda state: state.definition.kind.name)
    meaning = text_field("What it is for, in the caller's language.", "Rows on a page of a list.")
    allowed = computed_field(
        text_field("What the value must be, in the caller's language.", "a whole number from 1 to 100"),
        lambda state: allowed_words(state.definition),
    )
    choices = computed_field(
        text_list_field("The values that it can have; empty if there are too many to list.", []),
        lambda state: list(state.definition.kind.words),
    )
    default = text_field("The value that it has if nobody changes it; empty for a secret.", "30")
    value = computed_field(
        text_field("The current value, as it is set; empty for a secret.", "30"), lambda state: state.text
    )
    is_secret = computed_field(
        boolean_field("Whether its value is never shown.", False), lambda state: state.definition.secret
    )
    has_value = boolean_field("Whether it has a value, which a secret does not show.")
    source = text_field("Where the value comes from: `default`, `browser` or `environment`.", "default")
    fixed_because = text_field("Why it cannot be changed here; empty if it can.", "")
    changed_at = computed_field(
        moment_field("When it was changed here last; null if it never was.", allow_none=True),
        lambda state: state.change.created_at if state.change else None,
    )
    changed_by = computed_field(
        text_field("The username of who did so; null for a command and a deleted account.", "ruth", allow_none=True),
        lambda state: _changer(state.change),
    )


def _changer(change: object) -> str | None:
    return None if getattr(change, "actor_deleted_at", None) else getattr(change, "actor_username", None)


class SettingQuery(ListQuery):
    """Filters of the settings."""

    q = text_field("Only settings whose name, meaning or group has these words.", "mail", load_default="")


class NewValueSchema(Schema):
    """A new value of a setting."""

    value = text_field("The value, as it is written in a settings file.", "50", required=True)


class SettingChangeSchema(Schema):
    """A change of a setting."""

    id = integer_field("The id of the change.", 3)
    name = text_field("The name of the setting.", "POSTS_PER_PAGE")
    former = computed_field(
        text_field("The value before; null for the default, empty for a secret.", "30", allow_none=True),
        lambda row: row.former,
    )
    value = computed_field(
        text_field("The value since; null for the default, empty for a secret.", "50", allow_none=True),
        lambda row: row.value,
    )
    words = computed_field(text_field("The change in words.", "30 → 50"), change_words)
    actor = computed_field(
        text_field("Who changed it, by username; null for a command and a deleted account.", "ruth", allow_none=True),
        _changer,
    )
    created_at = moment_field("When it was changed.")


class ChangesQuery(ListQuery):
    """Filters of the changes of settings."""

    name = text_field("Only changes of this setting.", "POSTS_PER_PAGE", load_default="")


class TestMailSchema(Schema):
    """Who gets a test mail."""

    address = text_field("The address that the mail goes to.", "ruth@example.org", required=True)
