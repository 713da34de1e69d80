"""From files and variables to the one dictionary that the application reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .derived import names_of_flask, resolve_auto
from .errors import ConfigError
from .schema import ENVIRONMENTS, SETTINGS, Setting
from .secret import check_secret_key, kept_secret_key
from .sources import values_from_file, values_from_variables
from .urls import anchor_sqlite_file


def load(
    environ: Mapping[str, str], instance_path: str | Path, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Every setting, for `app.config.from_mapping`; raises ConfigError.

    The later wins: defaults, defaults of the environment (MADANG_CONFIG), the file named by APP_CONFIG_FILE,
    MADANG_ variables, `overrides`.
    """
    written, others = _written(environ, overrides or {})
    environment = _environment(environ.get("MADANG_CONFIG") or others.pop("CONFIG", ""))
    instance = (written.pop("INSTANCE", None) or Path(instance_path)).absolute()
    config = {"ENVIRONMENT": environment, **_defaults(environment, instance), **written, "INSTANCE": str(instance)}
    config["UPLOAD_FOLDER"] = str(instance / config["UPLOAD_FOLDER"])
    config["DATABASE_URL"] = anchor_sqlite_file(config["DATABASE_URL"], instance)
    resolve_auto(config)
    _check_together(config)
    if config["SECRET_KEY"] is None:
        config["SECRET_KEY"] = kept_secret_key(instance)
    return {**names_of_flask(config), **config, **others}


def _environment(text: str) -> str:
    environment = text.strip().lower() or "development"
    if environment not in ENVIRONMENTS:
        raise ConfigError(f"MADANG_CONFIG must be one of {', '.join(ENVIRONMENTS)}; it is {environment!r}.")
    return environment


def _written(environ: Mapping[str, str], overrides: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What somebody wrote: settings, parsed, and names that only Flask knows, as they are."""
    path = Path(environ.get("APP_CONFIG_FILE", ""))
    from_file = values_from_file(path) if path.name else {}
    settings: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for values, place in ((from_file, f" in {path}"), (values_from_variables(environ), ""), (overrides, "")):
        for name, value in values.items():
            if name in SETTINGS:
                settings[name] = _parse(SETTINGS[name], value, place)
            else:
                others[name] = value
    return settings, others


def _parse(setting: Setting, value: Any, place: str = "") -> Any:
    text = "" if value is None else str(value).strip()
    try:
        return setting.parse(text)
    except (ValueError, KeyError, OSError):  # ZoneInfo raises all three
        shown = "" if setting.secret or "://" in text else f"; it is {text!r}"
        raise ConfigError(f"{setting.variable}{place} must be {setting.kind.allowed}{shown}.") from None


def _defaults(environment: str, instance: Path) -> dict[str, Any]:
    return {
        name: setting.parse(setting.default_in(environment).replace("{instance}", str(instance)))
        for name, setting in SETTINGS.items()
    }


def _check_together(config: Mapping[str, Any]) -> None:
    """Rules between settings, and those that only production keeps."""
    for name, setting in SETTINGS.items():
        if config[name] is None and setting.default_in(config["ENVIRONMENT"]):
            raise ConfigError(f"{setting.variable} must be {setting.kind.allowed}; it is empty.")
    if config["FILE_STORE"] == "s3" and not config["S3_BUCKET"]:
        raise ConfigError("MADANG_S3_BUCKET must be set with MADANG_FILE_STORE=s3.")
    if bool(config["S3_ACCESS_KEY"]) != bool(config["S3_SECRET_KEY"]):
        raise ConfigError("MADANG_S3_ACCESS_KEY and MADANG_S3_SECRET_KEY must be set together.")
    if config["ENVIRONMENT"] != "production":
        return
    check_secret_key(config["SECRET_KEY"])
    if config["MAIL_SERVER"] and not config["SITE_URL"]:
        # A link built from a request's own Host header would let a stranger lead a password reset to his site.
        raise ConfigError("MADANG_SITE_URL must be set with MADANG_MAIL_SERVER: links in mails begin with it.")
