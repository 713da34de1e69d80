"""Loading of the settings from the defaults, the settings file and environment variables."""

from collections.abc import Mapping
from pathlib import Path

from .contradictions import DEFAULT_NOT_OFFERED, MAIL_WITHOUT_ADDRESS
from .derived import DERIVED, flask_settings, resolve_auto
from .errors import ConfigError
from .schema import ENVIRONMENTS, SETTINGS, Setting, Values
from .secret import check_secret_key, stored_secret_key
from .sources import values_from_file, values_from_variables
from .urls import anchor_sqlite_file


def load(environ: Mapping[str, str], instance_path: str | Path, overrides: Mapping | None = None) -> Values:
    """Return every setting, for `app.config.from_mapping`. Raises `ConfigError`.

    SETTING_SOURCES names where those come from that have no default, AUTOMATIC_SETTINGS those whose value is derived.
    Later sources take precedence: defaults, defaults of the environment (MADANG_CONFIG), the file named by
    APP_CONFIG_FILE, MADANG_ variables, `overrides`.
    """
    settings, others, sources = _read_sources(environ, overrides or {})
    environment = _environment(environ.get("MADANG_CONFIG") or others.pop("CONFIG", ""))
    instance = (settings.pop("INSTANCE", None) or Path(instance_path)).absolute()
    config = {"ENVIRONMENT": environment, **_defaults(environment, instance), **settings, "INSTANCE": str(instance)}
    config["UPLOAD_FOLDER"] = str(instance / config["UPLOAD_FOLDER"])
    config["DATABASE_URL"] = anchor_sqlite_file(config["DATABASE_URL"], instance)
    automatic = frozenset(name for name in DERIVED if config[name] is None)
    resolve_auto(config)
    _check_combinations(config, sources)
    if config["SECRET_KEY"] is None:
        config["SECRET_KEY"] = stored_secret_key(instance)
    return {**flask_settings(config), **config, **others, "SETTING_SOURCES": sources, "AUTOMATIC_SETTINGS": automatic}


def _environment(text: str) -> str:
    environment = text.strip().lower() or "development"
    if environment not in ENVIRONMENTS:
        raise ConfigError(f"MADANG_CONFIG must be one of {', '.join(ENVIRONMENTS)}; it is {environment!r}.")
    return environment


def _read_sources(environ: Mapping[str, str], overrides: Mapping) -> tuple[Values, Values, dict[str, str]]:
    """Return the parsed settings of all sources, the unparsed values of names that only Flask knows, and the sources.

    The source of a setting is the path of the file, or empty for a variable.
    """
    path = Path(environ.get("APP_CONFIG_FILE", ""))
    from_file = values_from_file(path) if path.name else {}
    settings: Values = {}
    others: Values = {}
    sources: dict[str, str] = {}
    for values, source in ((from_file, str(path)), (values_from_variables(environ), ""), (overrides, "")):
        for name, value in values.items():
            if name in SETTINGS:
                settings[name] = _parse(SETTINGS[name], value, f" in {source}" if source else "")
                sources[name] = source
            else:
                others[name] = value
    return settings, others, sources


def _parse(setting: Setting, value: object, place: str = "") -> object:
    text = "" if value is None else str(value).strip()
    try:
        return setting.parse(text)
    except (ValueError, KeyError, OSError):  # ZoneInfo raises all three
        shown = "" if setting.secret or "://" in text else f"; it is {text!r}"
        raise ConfigError(f"{setting.variable}{place} must be {setting.kind.allowed}{shown}.") from None


def _defaults(environment: str, instance: Path) -> Values:
    return {
        name: setting.parse(setting.default_in(environment).replace("{instance}", str(instance)))
        for name, setting in SETTINGS.items()
    }


def _check_combinations(config: Values, sources: Mapping[str, str]) -> None:
    """Check rules between settings, and those of production. Raises `ConfigError`.

    Those that also depend on what is chosen in the browser are not checked here (`contradictions.py`).
    """
    for name, setting in SETTINGS.items():
        if config[name] is None and setting.default_in(config["ENVIRONMENT"]):
            raise ConfigError(f"{setting.variable} must be {setting.kind.allowed}; it is empty.")
    if config["FILE_STORE"] == "s3" and not config["S3_BUCKET"]:
        raise ConfigError("MADANG_S3_BUCKET must be set with MADANG_FILE_STORE=s3.")
    if bool(config["S3_ACCESS_KEY"]) != bool(config["S3_SECRET_KEY"]):
        raise ConfigError("MADANG_S3_ACCESS_KEY and MADANG_S3_SECRET_KEY must be set together.")
    are_languages_given = {"DEFAULT_LOCALE", "LANGUAGES"} <= sources.keys()
    if are_languages_given and config["DEFAULT_LOCALE"] not in config["LANGUAGES"].split():
        raise ConfigError(DEFAULT_NOT_OFFERED)
    if config["ENVIRONMENT"] != "production":
        return
    check_secret_key(config["SECRET_KEY"])
    if config["MAIL_SERVER"] and not config["SITE_URL"]:
        raise ConfigError(MAIL_WITHOUT_ADDRESS)
