"""Picture uploads in the JSON API."""

from dataclasses import asdict

from werkzeug.datastructures import FileStorage

from madang.core.clock import now
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limit_rate

from ..models import Attachment
from ..operations.pictures import attach_picture, attached_picture, delete_picture, get_picture, pictures_before
from ..schemas.writing import FileSchema, NewFileSchema

bp = ApiBlueprint("files", description="Pictures that people upload.")


@bp.get("/files")
@bp.paginated(FileSchema)
def list_files(page: Page) -> PageResult:
    """List the pictures that you uploaded, the newest first."""
    result = page.of(pictures_before(current_actor(), page.after_id, page.more), lambda row: (row.id,))
    return PageResult([_picture_fields(row) for row in result.rows], result.next_key)


def _picture_fields(picture: Attachment, file_name: str = "") -> dict[str, object]:
    attached = attached_picture(picture)
    return {**asdict(attached), "markdown": attached.markdown(file_name)}


@bp.post("/files")
@bp.files_body(NewFileSchema)
@bp.response(FileSchema, 201)
def create_file(payload: dict[str, FileStorage]) -> Created:
    """Upload a picture. It is re-encoded without its metadata; the same picture uploaded again is the same file."""
    limit_rate("upload")
    actor, file = current_actor(), payload["file"]
    picture = attach_picture(file.stream, actor=actor, now=now())
    fields = _picture_fields(get_picture(picture.id, actor), file.filename or "")
    return Created(fields, f"{PREFIX}/files/{picture.id}")


@bp.get("/files/<int:file_id>")
@bp.response(FileSchema)
def get_one_file(file_id: int) -> dict[str, object]:
    """Read the details of a picture that you uploaded. The image itself is at its `url`."""
    return _picture_fields(get_picture(file_id, current_actor()))


@bp.delete("/files/<int:file_id>")
@bp.response(None)
def delete_one_file(file_id: int) -> None:
    """Delete a picture that no text uses; 409 for one that a text uses."""
    delete_picture(get_picture(file_id, current_actor()), actor=current_actor())
