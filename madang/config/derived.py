"""Values derived from the settings: those of "auto", and the settings of Flask and its extensions."""

import hashlib
import hmac
from datetime import timedelta

from .schema import Values

# Settings that may be "auto", each with the one that its value then follows from.
DERIVED = {
    "SESSION_COOKIE_SECURE": "SITE_URL",
    "EMAIL_CONFIRMATION": "MAIL_SERVER",
    "JOBS_EMBEDDED": "REDIS_URL",
    "MAIL_PORT": "MAIL_TLS",
}
MAIL_PORTS = {"starttls": 587, "ssl": 465, "none": 25}

# The longest body, 100,000 emoji, takes 1.2 MB in a form; the default of Werkzeug is 0.5 MB.
MAX_FORM_BYTES = 4 * 1024**2
JWT_ISSUER = "madang"


def _jwt_key(secret: str) -> str:
    """Derive a key for JWTs alone, so that signatures of cookies and links are no valid tokens."""
    return hmac.new(secret.encode(), b"JWT of the API", hashlib.sha256).hexdigest()


def resolve_auto(config: Values) -> None:
    """Replace the value of each setting that is "auto"."""
    derived = {
        "SESSION_COOKIE_SECURE": (config["SITE_URL"] or "").startswith("https://"),
        "EMAIL_CONFIRMATION": config["MAIL_SERVER"] is not None,
        "JOBS_EMBEDDED": config["REDIS_URL"] is None,
        "MAIL_PORT": MAIL_PORTS[config["MAIL_TLS"]],
    }
    config.update({name: value for name, value in derived.items() if config[name] is None})


def flask_settings(config: Values) -> Values:
    """Return the settings of Flask and its extensions."""
    return {
        "TESTING": config["ENVIRONMENT"] == "testing",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(seconds=config["SESSION_LIFETIME"]),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PREFERRED_URL_SCHEME": "https" if (config["SITE_URL"] or "").startswith("https://") else "http",
        "MAX_FORM_MEMORY_SIZE": min(config["MAX_CONTENT_LENGTH"], MAX_FORM_BYTES),
        "JWT_SECRET_KEY": _jwt_key(config["SECRET_KEY"]),
        "JWT_ACCESS_TOKEN_EXPIRES": timedelta(seconds=config["JWT_ACCESS_LIFETIME"]),
        "JWT_REFRESH_TOKEN_EXPIRES": timedelta(seconds=config["JWT_REFRESH_LIFETIME"]),
        # Tokens of a machine whose clock is ahead, or from before the clock was set back; their end is checked apart.
        "JWT_DECODE_LEEWAY": timedelta(days=1),
        "JWT_ENCODE_ISSUER": JWT_ISSUER,
        "JWT_DECODE_ISSUER": JWT_ISSUER,
        "WTF_CSRF_TIME_LIMIT": None,  # the token expires with its session
    }
