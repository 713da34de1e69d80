"""Normalisation of database URLs, and hiding of passwords in URLs."""

import re
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}


def normalize_database_url(text: str) -> str:
    """Return the URL with the driver that Madang installs. Raises ValueError for an unsupported database."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ValueError(text) from error
    driver = DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise ValueError(text)
    if driver == "sqlite":
        return text
    url = url.set(drivername=driver)
    if driver == "mysql+pymysql":
        # MySQL's "utf8" has three bytes a character, too few for emoji.
        url = url.update_query_dict({"charset": "utf8mb4"})
    return url.render_as_string(hide_password=False)


def anchor_sqlite_file(text: str, instance: Path) -> str:
    """Make the path of a relative SQLite file absolute, below the instance folder."""
    url = make_url(text)
    if not _is_relative_file(url):
        return text
    return url.set(database=str(instance / str(url.database))).render_as_string(hide_password=False)


def _is_relative_file(url: URL) -> bool:
    name = url.database
    if url.get_backend_name() != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return False
    return not Path(name).is_absolute()


def hide_password(text: str) -> str:
    """Replace the password of a URL by ***; return any other text unchanged."""
    text = re.sub(r"(?<=://)([^:/@\s]*):.+@", r"\1:***@", text)
    return re.sub(r"(?<=[?&])(password=)[^&]*", r"\1***", text)
