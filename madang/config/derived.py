"""What follows from the settings: answers for "auto", and the names that Flask and its extensions read."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any

MAIL_PORTS = {"starttls": 587, "ssl": 465, "none": 25}

# 100,000 emoji, the longest body, take 1.2 MB in a form; Werkzeug alone would stop at 0.5.
LARGEST_FORM = 4 * 1024**2
JWT_ISSUER = "madang"


def _jwt_key(secret: str) -> str:
    """A key for nothing but tokens: what signs cookies and links must not sign these too."""
    return hmac.new(secret.encode(), b"JWT of the API", hashlib.sha256).hexdigest()


def resolve_auto(config: dict[str, Any]) -> None:
    """Put an answer where a setting says "auto"."""
    answers = {
        "SESSION_COOKIE_SECURE": (config["SITE_URL"] or "").startswith("https://"),
        "EMAIL_CONFIRMATION": config["MAIL_SERVER"] is not None,
        "JOBS_EMBEDDED": config["REDIS_URL"] is None,
        "MAIL_PORT": MAIL_PORTS[config["MAIL_TLS"]],
    }
    config.update({name: answer for name, answer in answers.items() if config[name] is None})


def names_of_flask(config: dict[str, Any]) -> dict[str, Any]:
    """The settings of Flask and its extensions that follow from ours."""
    return {
        "TESTING": config["ENVIRONMENT"] == "testing",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(seconds=config["SESSION_LIFETIME"]),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PREFERRED_URL_SCHEME": "https" if (config["SITE_URL"] or "").startswith("https://") else "http",
        "MAX_FORM_MEMORY_SIZE": min(config["MAX_CONTENT_LENGTH"], LARGEST_FORM),
        "JWT_SECRET_KEY": _jwt_key(config["SECRET_KEY"]),
        "JWT_ACCESS_TOKEN_EXPIRES": timedelta(seconds=config["JWT_ACCESS_LIFETIME"]),
        "JWT_REFRESH_TOKEN_EXPIRES": timedelta(seconds=config["JWT_REFRESH_LIFETIME"]),
        "JWT_ENCODE_ISSUER": JWT_ISSUER,
        "JWT_DECODE_ISSUER": JWT_ISSUER,
        "WTF_CSRF_TIME_LIMIT": None,  # a form left open over lunch still counts: the token ends with its session
    }
