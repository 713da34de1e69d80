"""The base of the API's schemas, and documented fields for them. Rules beyond shape are in operations."""

import re
from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypedDict, TypeVar, Unpack

import marshmallow
from flask_smorest.fields import Upload
from marshmallow import RAISE, ValidationError, fields, missing, validate
from marshmallow.types import Validator
from sqlalchemy import Row

from madang.core.errors import too_long_error
from madang.core.i18n import LOCALES, _
from madang.core.web.ids import MAX_ID

MAX_PER_PAGE = 100
fields.Field.default_error_messages.update(
    required=_("This is required."),
    null=_("This cannot be null."),
    validator_failed=_("This value cannot be used here."),
)
fields.String.default_error_messages.update(invalid=_("This must be text."), invalid_utf8=_("This must be text."))
fields.Integer.default_error_messages.update(invalid=_("This must be a whole number."))
fields.Number.default_error_messages.update(
    invalid=_("This must be a number."), too_large=_("This number is too large.")
)
fields.List.default_error_messages.update(invalid=_("This must be a list."))
fields.Nested.default_error_messages.update(type=_("Please send an object with names and values."))
fields.DateTime.default_error_messages.update(
    invalid=_("Use a date and time like 2026-11-21T09:30:00Z."),
    invalid_awareness=_("Use a date and time like 2026-11-21T09:30:00Z."),
    format=_("Use a date and time like 2026-11-21T09:30:00Z."),
)
fields.Date.default_error_messages.update(
    invalid=_("Use a date like 2026-11-21."), format=_("Use a date like 2026-11-21.")
)
fields.Time.default_error_messages.update(invalid=_("Use a time like 09:30."), format=_("Use a time like 09:30."))


T = TypeVar("T")
S = TypeVar("S", bound=Sized)
F = TypeVar("F", bound=fields.Field)


class FieldOptions(TypedDict, total=False):
    """The keyword arguments of marshmallow's fields that schemas use."""

    allow_none: bool
    attribute: str
    load_default: object
    required: bool


class ValidatedOptions(FieldOptions, total=False):
    """Those of a field with its own validators."""

    validate: Validator | Iterable[Validator]


class Schema(marshmallow.Schema):
    """A schema that refuses unknown names."""

    error_messages = {
        "type": _("Please send an object with names and values."),
        "unknown": _("This field is unknown."),
    }

    class Meta:
        unknown = RAISE

    def get_attribute(self, obj: object, attr: str, default: object) -> object:
        """Read a row's column as an attribute: marshmallow would first try it as an item, and fail for each."""
        return getattr(obj, attr, default) if isinstance(obj, Row) else super().get_attribute(obj, attr, default)


class StrictBoolean(fields.Boolean):
    """true or false; in a query also "true" and "false". Other truthy and falsy values are refused."""

    truthy = {True, "true"}
    falsy = {False, "false"}

    def _deserialize(self, value: object, attr: str | None, data: Mapping | None, **options: object) -> bool:
        if isinstance(value, int | float) and not isinstance(value, bool):  # 1 == True in Python
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **options)

    def _serialize(self, value: object, attr: str | None, obj: object, **options: object) -> object:
        return bool(value) if isinstance(value, int) else value  # a database may return 0 and 1


StrictBoolean.default_error_messages = {"invalid": _("This must be true or false.")}


def _format_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _parse_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:  # the moment in UTC is outside the years 1 to 9999
        raise ValueError(text) from error


class UtcDateTime(fields.DateTime):
    """A moment in UTC with microseconds (RFC 3339)."""

    SERIALIZATION_FUNCS = {"iso": _format_moment}
    DESERIALIZATION_FUNCS = {"iso": _parse_moment}


def text_field(description: str, example: str, **options: Unpack[ValidatedOptions]) -> fields.String:
    """A documented field of text."""
    return fields.String(metadata={"description": description, "example": example}, **options)


def integer_field(description: str, example: int, **options: Unpack[ValidatedOptions]) -> fields.Integer:
    """A documented field of an integer."""
    return fields.Integer(strict=True, metadata={"description": description, "example": example}, **options)


def id_field(description: str, example: int = 12, **options: Unpack[FieldOptions]) -> fields.Integer:
    """A documented field of an id."""
    return integer_field(description, example, validate=Between(1, MAX_ID), **options)


class QueryInteger(fields.Integer):
    """An integer in a query string: at most 18 ASCII digits, perhaps with a minus."""

    def _deserialize(self, value: object, attr: str | None, data: Mapping | None, **options: object) -> int:
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value, re.ASCII):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **options)


def query_integer_field(description: str, example: int, **options: Unpack[ValidatedOptions]) -> QueryInteger:
    """A documented field of an integer in a query string."""
    return QueryInteger(metadata={"description": description, "example": example}, **options)


def boolean_field(description: str, example: bool = True, **options: Unpack[FieldOptions]) -> StrictBoolean:
    """A documented field of a boolean."""
    return StrictBoolean(metadata={"description": description, "example": example}, **options)


def upload_field(description: str, **options: Unpack[FieldOptions]) -> Upload:
    """A documented field of an uploaded file."""
    return Upload(metadata={"description": description, "example": "..."}, **options)


def moment_field(description: str, **options: Unpack[FieldOptions]) -> UtcDateTime:
    """A documented field of a moment."""
    metadata = {"description": description, "example": "2026-11-21T09:30:00.000000Z"}
    return UtcDateTime("iso", metadata=metadata, **options)


def text_list_field(description: str, example: list[str], **options: Unpack[ValidatedOptions]) -> fields.List:
    """A documented field of a list of texts."""
    inner = fields.String(metadata={"example": example[0] if example else ""})
    return fields.List(inner, metadata={"description": description, "example": example}, **options)


def integer_list_field(description: str, example: list[int], **options: Unpack[ValidatedOptions]) -> fields.List:
    """A documented field of a list of whole numbers."""
    inner = fields.Integer(strict=True, metadata={"example": example[0] if example else 0})
    return fields.List(inner, metadata={"description": description, "example": example}, **options)


def text_map_field(description: str, example: dict[str, str], **options: Unpack[ValidatedOptions]) -> fields.Dict:
    """A documented field of texts by name."""
    metadata = {"description": description, "example": example}
    return fields.Dict(keys=fields.String(), values=fields.String(), metadata=metadata, **options)


def language_map_field(description: str, example: dict[str, str], **options: Unpack[ValidatedOptions]) -> fields.Dict:
    """A documented field of texts by language."""
    metadata = {"description": description, "example": example}
    return fields.Dict(
        keys=fields.String(validate=OneOf(LOCALES)), values=fields.String(), metadata=metadata, **options
    )


def integer_map_field(description: str, example: dict[str, int], **options: Unpack[ValidatedOptions]) -> fields.Dict:
    """A documented field of integers by name."""
    metadata = {"description": description, "example": example}
    return fields.Dict(keys=fields.String(), values=fields.Integer(), metadata=metadata, **options)


class OneOf(validate.OneOf):
    """One of a few values; the error lists them in the current locale."""

    def __call__(self, value: T) -> T:
        if value not in self.choices:
            raise ValidationError(_("Choose one of these: %(choices)s.", choices=", ".join(map(str, self.choices))))
        return value


class OneOfLater(OneOf):
    """One of the values that `choices_of` returns when one is checked, or when the OpenAPI document is generated."""

    def __init__(self, choices_of: Callable[[], Iterable[str]]) -> None:
        self._choices_of = choices_of
        super().__init__(())

    @property
    def choices(self) -> list[str]:
        return list(self._choices_of())

    @choices.setter
    def choices(self, _choices: Iterable[str]) -> None:
        """The base class sets it once, to nothing."""


def choice_field(description: str, *choices: str, **options: Unpack[FieldOptions]) -> fields.String:
    """A documented field of one of a few words."""
    return text_field(description, choices[0], validate=OneOf(choices), **options)


class AtMost(validate.Length):
    """A text of at most `most` characters; the error says so in the current locale."""

    def __init__(self, most: int) -> None:
        super().__init__(max=most)

    def __call__(self, value: S) -> S:
        if error := too_long_error(str(value), self.max or 0):
            raise ValidationError(error)
        return value


class Between(validate.Range):
    """A number within bounds; the error states them in the current locale."""

    def __call__(self, value: T) -> T:
        if not self.min <= value <= self.max:
            raise ValidationError(_("This must be a number from %(least)s to %(most)s.", least=self.min, most=self.max))
        return value


def computed_field(field: F, compute: Callable[[Any], object]) -> F:
    """Return `field`, whose value is `compute` of the whole object that is serialised."""
    field.get_value = lambda obj, attr, accessor=None, default=None: compute(obj)  # type: ignore[method-assign]
    return field


def within(name: str, field: F) -> F:
    """Return `field`, whose value is read from the attribute `name` of the object that is serialised."""
    get_value = field.get_value
    field.get_value = lambda obj, attr, accessor=None, default=missing: get_value(  # type: ignore[method-assign]
        getattr(obj, name), attr, accessor, default
    )
    return field


class ListQuery(Schema):
    """The query parameters of every list."""

    limit = query_integer_field("Number of rows, at most 100.", 30, load_default=30, validate=Between(1, MAX_PER_PAGE))
    cursor = text_field("The `next_cursor` of the previous page; empty for the first page.", "", load_default="")


class ProblemSchema(Schema):
    """What went wrong: problem details for HTTP APIs (RFC 9457)."""

    type = text_field("A URI of the kind of problem; `about:blank`, for `code` says it.", "about:blank", required=True)
    title = text_field(
        "What kind of problem it is, in the caller's language.", "Something needs correcting", required=True
    )
    status = integer_field("The status of the answer.", 422, required=True)
    detail = text_field("A sentence that says what to do.", "A title has 2 to 150 characters.", required=True)
    code = text_field("A stable word for programs.", "invalid_input", required=True)
    errors = text_map_field("What is wrong with which field.", {"title": "A title has 2 to 150 characters."})
    ticket = text_field("With `wait_required`: to be sent with the same call, later.", "WyI0ZjFhIl0.c2ln")


@lru_cache
def list_schema_of(schema: type[Schema]) -> type[Schema]:
    """Return the schema of a page of rows of `schema`."""
    name = schema.__name__.removesuffix("Schema")
    cursor = text_field(
        "Send this as `cursor` for the next page; null on the last one.", "WzEyXQ.dGVzdA", allow_none=True
    )
    items = fields.List(fields.Nested(schema), required=True)
    members = {"items": items, "next_cursor": cursor, "__doc__": f"A page of a list of {name}."}
    return type(f"{name}List", (Schema,), members)
