"""The shapes of what goes in and out. What is right beyond its shape, operations say."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import RAISE, ValidationError, fields, missing, validate
from marshmallow import Schema as MarshmallowSchema
from sqlalchemy import Row

from madang.core.i18n import _
from madang.core.web.ids import LARGEST_ID

MOST_PER_PAGE = 100
fields.Field.default_error_messages.update(
    required=_("This is missing."),
    null=_("This cannot be null."),
    validator_failed=_("This value cannot be used here."),
)
fields.String.default_error_messages.update(invalid=_("This is a text."), invalid_utf8=_("This is a text."))
fields.Integer.default_error_messages.update(invalid=_("This is a whole number."))
fields.Number.default_error_messages.update(invalid=_("This is a number."), too_large=_("This number is too large."))
fields.List.default_error_messages.update(invalid=_("This is a list."))
fields.Nested.default_error_messages.update(type=_("Please send an object with names and values."))
fields.DateTime.default_error_messages.update(
    invalid=_("A moment looks like 2026-11-21T09:30:00Z."),
    invalid_awareness=_("A moment looks like 2026-11-21T09:30:00Z."),
    format=_("A moment looks like 2026-11-21T09:30:00Z."),
)
fields.Date.default_error_messages.update(
    invalid=_("A day looks like 2026-11-21."), format=_("A day looks like 2026-11-21.")
)
fields.Time.default_error_messages.update(invalid=_("A time looks like 09:30."), format=_("A time looks like 09:30."))


class Schema(MarshmallowSchema):
    """A shape. Names that it does not have are refused."""

    error_messages = {
        "type": _("Please send an object with names and values."),
        "unknown": _("This name is not known here."),
    }

    class Meta:
        unknown = RAISE

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A column of a row: marshmallow would first look for an item of that name, and fail once for each."""
        return getattr(obj, attr, default) if isinstance(obj, Row) else super().get_attribute(obj, attr, default)


class Truth(fields.Boolean):
    """true or false, and nothing that only looks like it; in a query the words."""

    truthy = {True, "true"}
    falsy = {False, "false"}

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):  # Python takes 1 for True
            raise self.make_error("invalid", input=value)
        return super().deserialize(value, attr, data, **options)

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **options: Any) -> Any:
        value = super().serialize(attr, obj, accessor, **options)
        return bool(value) if isinstance(value, int) else value  # a database may give 0 and 1


Truth.default_error_messages = {"invalid": _("This is true or false.")}


def _written_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:  # in UTC it is before the first year, or after the last
        raise ValueError(text) from error


class Moment(fields.DateTime):
    """A moment in UTC with microseconds, as RFC 3339 writes it."""

    SERIALIZATION_FUNCS = {"iso": _written_moment}
    DESERIALIZATION_FUNCS = {"iso": _read_moment}

    def __init__(self, **options: Any) -> None:
        super().__init__("iso", **_with_example(options, "2026-11-21T09:30:00.000000Z"))


def _with_example(options: dict[str, Any], example: Any) -> dict[str, Any]:
    metadata = {"example": example, **options.pop("metadata", {})}
    return {**options, "metadata": metadata}


def text(description: str, example: str, **options: Any) -> fields.String:
    """A field of text, documented."""
    return fields.String(metadata={"description": description, "example": example}, **options)


def whole(description: str, example: int, **options: Any) -> fields.Integer:
    """A field of a whole number, documented."""
    return fields.Integer(strict=True, metadata={"description": description, "example": example}, **options)


def id_of(description: str, example: int = 12, **options: Any) -> fields.Integer:
    """A field of something's number, documented."""
    return whole(description, example, validate=Between(1, LARGEST_ID), **options)


class Written(fields.Integer):
    """A whole number as a query writes it."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value, re.ASCII):
            raise self.make_error("invalid", input=value)
        return super().deserialize(value, attr, data, **options)


def counted(description: str, example: int, **options: Any) -> Written:
    """A whole number in a query, documented."""
    return Written(metadata={"description": description, "example": example}, **options)


def truth(description: str, example: bool = True, **options: Any) -> Truth:
    """A field of true or false, documented."""
    return Truth(metadata={"description": description, "example": example}, **options)


def upload(description: str, **options: Any) -> Upload:
    """A field of a file that somebody sends, documented."""
    return Upload(metadata={"description": description, "example": "..."}, **options)


def moment(description: str, **options: Any) -> Moment:
    """A field of a moment, documented."""
    return Moment(metadata={"description": description}, **options)


def texts(description: str, example: list[str], **options: Any) -> fields.List:
    """A field of several texts, documented."""
    inner = fields.String(metadata={"example": example[0] if example else ""})
    return fields.List(inner, metadata={"description": description, "example": example}, **options)


class OneOf(validate.OneOf):
    """One of a few words; the refusal names them in the reader's language."""

    def __call__(self, value: Any) -> Any:
        if value not in self.choices:
            raise ValidationError(_("Choose one of these: %(choices)s.", choices=", ".join(map(str, self.choices))))
        return value


def choice(description: str, *choices: str, **options: Any) -> fields.String:
    """A field that has one of a few words, documented."""
    return fields.String(
        validate=OneOf(choices), metadata={"description": description, "example": choices[0]}, **options
    )


class Between(validate.Range):
    """A number within bounds; the refusal says them in the reader's language."""

    def __call__(self, value: Any) -> Any:
        if not self.min <= value <= self.max:
            raise ValidationError(_("This is a number from %(least)s to %(most)s.", least=self.min, most=self.max))
        return value


def computed(field: fields.Field, of: Callable[[Any], Any]) -> Any:
    """`field`, filled with what `of` makes of the whole thing that is shown."""
    field.get_value = lambda obj, attr, accessor=None, default=None: of(obj)  # type: ignore[method-assign]
    return field


def within(name: str, field: fields.Field) -> Any:
    """`field`, filled from what the attribute `name` of the thing holds."""
    inner = field.get_value
    field.get_value = lambda obj, attr, accessor=None, default=missing: inner(  # type: ignore[method-assign]
        getattr(obj, name), attr, accessor, default
    )
    return field


class ListQuery(Schema):
    """What every list understands: how many, and from where on."""

    limit = counted("How many at once, at most 100.", 30, load_default=30, validate=Between(1, MOST_PER_PAGE))
    cursor = text("Where to go on: the `next_cursor` of the page before; empty for the first.", "", load_default="")


class ProblemSchema(Schema):
    """What went wrong: problem details for HTTP APIs (RFC 9457)."""

    type = text("A URI of the kind of problem; `about:blank`, for `code` says it.", "about:blank", required=True)
    title = text("What kind of problem it is, in the caller's language.", "Something is not right yet", required=True)
    status = whole("The status of the answer.", 422, required=True)
    detail = text("A sentence that says what to do.", "A title has 5 to 150 characters.", required=True)
    code = text("A stable word for programs.", "invalid_input", required=True)
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={
            "description": "What is wrong with which field.",
            "example": {"title": "A title has 5 to 150 characters."},
        },
    )


@lru_cache
def listing_of(schema: type[Schema]) -> type[Schema]:
    """The shape of a page of a list whose rows have the shape `schema`."""
    name = schema.__name__.removesuffix("Schema")
    cursor = text("Send this as `cursor` for the next page; null on the last one.", "WzEyXQ.dGVzdA", allow_none=True)
    inner = {
        "items": fields.List(fields.Nested(schema), required=True),
        "next_cursor": cursor,
    }
    return type(f"{name}List", (Schema,), {**inner, "__doc__": f"A page of a list of {name}."})
