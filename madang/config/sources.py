"""Sources of settings: the file named by APP_CONFIG_FILE, and MADANG_ environment variables."""

import runpy
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from .errors import ConfigError
from .schema import SETTINGS, Values

# Variables of commands and tests that are no settings.
NOT_SETTINGS = ("CONFIG", "PYTHON", "VENV", "CHROMIUM", "REQUIRE_ALL", "SHARED", "TEST_")


def values_from_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the MADANG_ variables that name a setting; empty ones are ignored."""
    values = {name: environ.get(setting.variable, "").strip() for name, setting in SETTINGS.items()}
    return {name: value for name, value in values.items() if value}


def unknown_variables(environ: Mapping[str, str]) -> dict[str, str | None]:
    """Return the MADANG_ variables that name no setting, each with the setting that was probably meant."""
    names = [key.removeprefix("MADANG_") for key in environ if key.startswith("MADANG_")]
    unknown = [name for name in names if name not in SETTINGS and not name.startswith(NOT_SETTINGS)]
    return {f"MADANG_{name}": _nearest(name) for name in sorted(unknown)}


def values_from_file(path: Path) -> Values:
    """Return the values of a settings file: Python if its name ends in .py, else lines of NAME=value.

    A Python file may also set Flask's own settings: its other upper-case names are returned unchanged.
    """
    try:
        return _read_python_file(path) if path.suffix == ".py" else dict(_read_env_file(path))
    except OSError as error:
        raise ConfigError(f"APP_CONFIG_FILE names {path}, which cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"APP_CONFIG_FILE names {path}, which must be text in UTF-8.") from error


def _read_python_file(path: Path) -> Values:
    try:
        names = runpy.run_path(str(path))
    except OSError:
        raise
    except Exception as error:  # the administrator's code may raise anything
        raise ConfigError(f"{path} must be a Python file that runs; it raised {error!r}.") from error
    return {name.removeprefix("MADANG_"): value for name, value in names.items() if name.isupper() and name[0] != "_"}


def _read_env_file(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.removeprefix("export ").partition("=")
        name = name.strip().removeprefix("MADANG_")
        if not equals:
            raise ConfigError(f"Line {number} of {path} must look like NAME=value.")
        if name not in SETTINGS and not name.startswith(NOT_SETTINGS):
            raise ConfigError(f"Line {number} of {path} sets {name}, which is no setting.{_hint(name)}")
        if _unquoted(value.strip()):
            yield name, _unquoted(value.strip())


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _nearest(name: str) -> str | None:
    return next(iter(get_close_matches(name, SETTINGS, n=1)), None)


def _hint(name: str) -> str:
    nearest = _nearest(name)
    return f" Did you mean {nearest}?" if nearest else ""
