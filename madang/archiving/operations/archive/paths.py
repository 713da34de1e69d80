"""Where the pages of an archive are: short names that stay, and no folder with more than some thousand files."""

PER_FOLDER = 1_000


def post_path(post_id: int) -> str:
    return f"p/{post_id // PER_FOLDER}/{post_id}.html"


def board_path(board_id: int, page: int = 1) -> str:
    return f"b/{board_id}/{page}.html"


def tag_path(tag_id: int, page: int = 1) -> str:
    return f"t/{tag_id // PER_FOLDER}/{tag_id}-{page}.html"


def person_path(user_id: int, page: int = 1) -> str:
    return f"u/{user_id // PER_FOLDER}/{user_id}-{page}.html"


def picture_path(name: str) -> str:
    return f"files/{name[:2]}/{name}"


def root_from(path: str) -> str:
    """What leads from a page to the root of the archive: `../../` for `p/0/1.html`."""
    return "../" * path.count("/")
