"""Pictures that come along with a form, where no script runs."""

from flask import request
from werkzeug.datastructures import FileStorage

from madang.core.clock import now
from madang.core.errors import InvalidInput, RateLimited, Unavailable
from madang.core.i18n import _
from madang.core.text import clean_line
from madang.core.web.actor import commit_early, current_actor
from madang.core.web.limits import limit_rate

from ..forms import TextForm
from ..operations.attaching import attach_picture


def only_adds_pictures(form: TextForm) -> bool:
    """Keep the pictures that came along with a text and put them at its end; whether that is all that was wanted.

    Those that can be taken are in the text from now on, whatever becomes of the rest. Raises `InvalidInput` (pictures).
    """
    chosen = form.pictures.data or []
    is_all = "add" in request.form
    try:
        refused = dict.fromkeys(words for file in chosen if (words := _take_picture(form, file)))
    except Unavailable:
        commit_early()
        raise
    if chosen:
        commit_early()
    if is_all and not chosen:
        raise InvalidInput(_("Please choose a picture."), field="pictures")
    if refused:
        raise InvalidInput(" ".join(refused), field="pictures")
    return is_all


def _take_picture(form: TextForm, file: FileStorage) -> str | None:
    """Put a picture at the end of a text; what is wrong with it, where something is."""
    try:
        limit_rate("upload")
        picture = attach_picture(file.stream, actor=current_actor(), now=now())
    except RateLimited as error:
        return error.message
    except InvalidInput as error:
        return f"{clean_line(file.filename or '')[:80]}: {' '.join(error.fields.values())}"
    form.add(picture.markdown(file.filename or ""))
    return None
