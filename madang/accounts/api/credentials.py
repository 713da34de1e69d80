"""Who calls the API, by the header `Authorization`: access tokens (RFC 7519), personal tokens, name and password."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from secrets import token_urlsafe
from time import time
from typing import Any

from flask import current_app, g, request
from flask_jwt_extended import JWTManager, create_access_token, create_refresh_token, decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import ExpiredSignatureError, PyJWTError
from werkzeug.datastructures import Authorization

from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db import db
from madang.core.errors import InvalidInput, Unauthenticated
from madang.core.i18n import _
from madang.core.rest.auth import READING, Credential
from madang.core.ttl_cache import ttl_cache
from madang.core.web.actor import commit_early
from madang.core.web.limits import limit_rate

from ..models import User
from ..operations.access_tokens import PREFIX, note_use, rotate_secret
from ..operations.sessions import end_session, log_in, open_session
from ..queries.actors import actor_of, actor_of_session, actor_of_token, find_access_token, find_session

TAKE_REFRESH_TOKENS = ("auth_api.refresh_tokens", "auth_api.log_out")
jwt = JWTManager()


class TokenExpired(Unauthenticated):
    code = "token_expired"


class InvalidToken(Unauthenticated):
    code = "invalid_token"


class AccessTokenRequired(Unauthenticated):
    code = "access_token_required"


class RefreshTokenRequired(Unauthenticated):
    code = "refresh_token_required"


class TokenRevoked(Unauthenticated):
    code = "token_revoked"


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a log-in gives a program. `expires_in` counts the seconds of the access token."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105  (a word, RFC 6750)


def read_credentials(header: str) -> Actor:
    """Who the header `Authorization` names. Raises `Unauthenticated` with a code for what is wrong with it."""
    shown = Authorization.from_header(header)
    if shown is not None and shown.type == "bearer" and shown.token:
        is_personal = shown.token.startswith(PREFIX)
        return _by_personal_token(shown.token) if is_personal else _by_jwt(shown.token)
    if shown is not None and shown.type == "basic" and current_app.config["API_BASIC_AUTH"]:
        return _by_password(shown.username or "", shown.password or "")
    raise InvalidToken(_("This way to log in is not open here. Please send “Authorization: Bearer” and a token."))


def _by_personal_token(token: str) -> Actor:
    row = find_access_token(token)
    if row is None:
        raise InvalidToken(_("There is no such token, or none any more. Please make a new one in your settings."))
    note_use(row.access_token_id, used_at=row.last_used_at, now=now())
    g.credential = Credential("token", frozenset(row.scopes.split()))
    return actor_of_token(row)


def _by_jwt(token: str) -> Actor:
    claims = read_jwt(token)
    if claims["type"] != "access" and request.endpoint not in TAKE_REFRESH_TOKENS:
        raise AccessTokenRequired(_("This is a refresh token. Please send the access token."))
    return _actor_of_claims(claims)


def _actor_of_claims(claims: dict[str, Any]) -> Actor:
    row = find_session(claims["sid"], int(claims["sub"]))
    if row is None:
        raise TokenRevoked(_("This token was taken back. Please log in again."))
    g.credential = Credential("jwt", is_fresh=bool(claims.get("fresh")))
    return actor_of_session(row)


def read_jwt(token: str) -> dict[str, Any]:
    """The claims of a token that we have signed. Raises `TokenExpired` and `InvalidToken`."""
    try:
        claims = _verified(token, current_app.config["JWT_SECRET_KEY"])
        if claims["exp"] <= time():
            raise ExpiredSignatureError
    except ExpiredSignatureError:
        raise TokenExpired(_("This token has expired. Please refresh it, or log in again.")) from None
    except (PyJWTError, JWTExtendedException, ValueError, TypeError, KeyError):
        raise InvalidToken(_("This token is not one of ours. Please log in again.")) from None
    if not (isinstance(claims.get("sid"), int) and str(claims.get("sub", "")).isdigit()):
        raise InvalidToken(_("This token is not one of ours. Please log in again."))
    return claims


@lru_cache(maxsize=4096)
def _verified(token: str, _key: str) -> dict[str, Any]:
    """The claims of a token whose signature was checked, which takes as long as two queries: once for each."""
    return decode_token(token)


def _by_password(name: str, password: str) -> Actor:
    """Checking a password takes a quarter of a second, so that one that was right is remembered for a minute."""
    if request.method not in READING and _is_from_elsewhere():
        raise InvalidToken(_("This way to log in is not open here. Please send “Authorization: Bearer” and a token."))
    seen = hashlib.sha256(f"{current_app.secret_key!r}\x1f{name}\x1f{password}".encode()).hexdigest()
    user_id, password_hash = _right_passwords().get(seen, (0, None))
    user = db.session.get(User, user_id) if user_id else None
    if user is None or user.is_deleted or user.password_hash != password_hash:
        limit_rate("login", by_address=True)
        try:
            user = log_in(login=name, password=password)
        except InvalidInput as error:
            raise InvalidToken(error.message) from error
        _right_passwords()[seen] = (user.id, user.password_hash)
    g.credential = Credential("basic")
    return actor_of(user)


def _is_from_elsewhere() -> bool:
    """Whether another site's page asks. The browser adds by itself what was typed here, as it adds a cookie."""
    origin = request.headers.get("Origin")
    if origin is None or origin in (current_app.config["API_CORS_ORIGINS"] or ()):
        return False
    return origin.partition("://")[2] != request.host


@ttl_cache(seconds=60)
def _right_passwords() -> dict[str, tuple[int, str | None]]:
    return {}


def open_api_session(user: User) -> TokenPair:
    """Log a program in as `user`: a session of its own in the list of sessions, which the person can end."""
    secret = token_urlsafe(24)
    session = open_session(
        user,
        secret=secret,
        now=now(),
        lifetime=_lifetime(),
        is_remembered=True,
        user_agent=request.headers.get("User-Agent", ""),
        ip_address=request.remote_addr or "",
    )
    return _pair(user.id, user.role == "admin", session.id, secret, is_fresh=True)


def refresh_api_session() -> TokenPair:
    """New tokens for the refresh token that the caller sends. One that was used before ends the whole session.

    Raises `TokenRevoked`, `RefreshTokenRequired` and what `read_jwt` raises. After RFC 9700, section 4.14.2.
    """
    claims = read_jwt(_bearer())
    if claims["type"] != "refresh":
        raise RefreshTokenRequired(_("This is an access token. Please send the refresh token."))
    actor = _actor_of_claims(claims)
    secret = token_urlsafe(24)
    if not rotate_secret(claims["sid"], used=claims["key"], fresh=secret, now=now(), lifetime=_lifetime()):
        end_session(claims["sid"], user_id=actor.id or 0)
        commit_early()  # whatever becomes of the request: somebody has a copy of it
        raise TokenRevoked(_("This token was used before, so its session has been ended. Please log in again."))
    return _pair(actor.id or 0, actor.role == "admin", claims["sid"], secret, is_fresh=False)


def _bearer() -> str:
    shown = request.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        raise RefreshTokenRequired(_("Please send the refresh token as “Authorization: Bearer”."))
    return shown.token


def _pair(user_id: int, is_admin: bool, session_id: int, secret: str, *, is_fresh: bool) -> TokenPair:
    said = {"sid": session_id, "is_admin": is_admin}
    return TokenPair(
        access_token=create_access_token(str(user_id), fresh=is_fresh, additional_claims=said),
        refresh_token=create_refresh_token(str(user_id), additional_claims={**said, "key": secret}),
        expires_in=current_app.config["JWT_ACCESS_LIFETIME"],
    )


def _lifetime() -> timedelta:
    return current_app.config["JWT_REFRESH_TOKEN_EXPIRES"]
