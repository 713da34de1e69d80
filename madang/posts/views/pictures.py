"""Picture uploads within the form of a text, for browsers without JavaScript."""

from flask import request
from werkzeug.datastructures import FileStorage

from madang.core.clock import now
from madang.core.errors import InvalidInput, RateLimited, Unavailable
from madang.core.i18n import _
from madang.core.text import clean_line
from madang.core.web.actor import commit_early, current_actor
from madang.core.web.request_limits import limit_rate

from ..forms import BodyForm
from ..operations.pictures import attach_picture


def attach_form_pictures(form: BodyForm) -> bool:
    """Store the uploaded pictures of a form and append them to its text.

    Returns whether the person asked only for that and not to post yet. Accepted pictures stay in the text even if
    others are refused. Raises `InvalidInput` (pictures).
    """
    files = form.pictures.data or []
    only_pictures = "add" in request.form
    try:
        errors = dict.fromkeys(error for file in files if (error := _attach_picture(form, file)))
    except Unavailable:
        commit_early()
        raise
    if files:
        commit_early()
    if only_pictures and not files:
        raise InvalidInput(_("Please choose a picture."), field="pictures")
    if errors:
        raise InvalidInput(" ".join(errors), field="pictures")
    return only_pictures


def _attach_picture(form: BodyForm, file: FileStorage) -> str | None:
    """Append a picture to the text; return the error message if it is refused."""
    try:
        limit_rate("upload")
        picture = attach_picture(file.stream, actor=current_actor(), now=now())
    except RateLimited as error:
        return error.message
    except InvalidInput as error:
        return f"{clean_line(file.filename or '')[:80]}: {' '.join(error.fields.values())}"
    form.add(picture.markdown(file.filename or ""))
    return None
