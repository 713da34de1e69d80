"""API authentication by the header `Authorization`: JWT access tokens (RFC 7519), personal tokens, HTTP Basic."""

import hashlib
import re
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
from madang.core.rest.access import READ_METHODS, Credential
from madang.core.settings import setting
from madang.core.ttl_cache import ttl_cache
from madang.core.web.actor import commit_early
from madang.core.web.ids import MAX_ID
from madang.core.web.request_log import log_log_in

from ..models import User
from ..operations.access_tokens import PREFIX, record_token_use, rotate_secret
from ..operations.sessions import end_session, open_session
from ..queries.actors import actor_of, actor_of_session, actor_of_token, find_access_token, find_session
from ..views.login_limits import log_in_program_within_limits

REFRESH_TOKEN_ENDPOINTS = ("auth_api.refresh_tokens", "auth_api.log_out")
jwt = JWTManager()
Claims = dict[str, Any]  # with values of JSON, as PyJWT returns them


class TokenExpired(Unauthenticated):
    code = "token_expired"


class InvalidToken(Unauthenticated):
    code = "invalid_token"


class AccessTokenRequired(Unauthenticated):
    code = "access_token_required"


class RefreshTokenRequired(Unauthenticated):
    code = "refresh_token_required"


class WrongCredentials(Unauthenticated):
    code = "wrong_credentials"


class TokenRevoked(Unauthenticated):
    code = "token_revoked"


@dataclass(frozen=True, slots=True)
class TokenPair:
    """The tokens that a log-in returns. `expires_in` is the lifetime of the access token in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105  (a word, RFC 6750)


def read_credentials(header: str) -> Actor:
    """Authenticate by the header `Authorization`. Returns the actor; raises subclasses of `Unauthenticated`."""
    try:
        credentials = Authorization.from_header(header)
    except ValueError:  # a letter beyond ASCII where base64 is expected
        credentials = None
    if credentials is not None and credentials.type == "bearer" and credentials.token:
        is_personal = credentials.token.startswith(PREFIX)
        return _by_personal_token(credentials.token) if is_personal else _by_jwt(credentials.token)
    is_basic = credentials is not None and credentials.type == "basic" and setting("API_BASIC_AUTH")
    if credentials is not None and is_basic and credentials.username:
        return _by_password(credentials.username, credentials.password or "")
    raise InvalidToken(
        _("This way of logging in is not available here. Please send “Authorization: Bearer” and a token.")
    )


def _by_personal_token(token: str) -> Actor:
    row = find_access_token(token)
    if row is None:
        raise InvalidToken(
            _("This token does not exist or has been revoked. Please create a new one in your settings.")
        )
    record_token_use(row.access_token_id, used_at=row.last_used_at, now=now())
    g.credential = Credential("token", frozenset(row.scopes.split()))
    return actor_of_token(row)


def _by_jwt(token: str) -> Actor:
    claims = read_jwt(token)
    if claims["type"] != "access" and request.endpoint not in REFRESH_TOKEN_ENDPOINTS:
        raise AccessTokenRequired(_("This is a refresh token. Please send the access token."))
    return _actor_of_claims(claims)


def _actor_of_claims(claims: Claims) -> Actor:
    row = find_session(claims["sid"], int(claims["sub"]))
    if row is None:
        raise TokenRevoked(_("This token has been revoked. Please log in again."))
    g.credential = Credential("jwt", is_fresh=bool(claims.get("fresh")))
    return actor_of_session(row)


def read_jwt(token: str) -> Claims:
    """The claims of a token signed by this site. Raises `TokenExpired` and `InvalidToken`."""
    try:
        claims = _decode_verified(token, current_app.config["JWT_SECRET_KEY"])
        if claims["exp"] <= time():
            raise ExpiredSignatureError
    except ExpiredSignatureError:
        raise TokenExpired(_("This token has expired. Please refresh it, or log in again.")) from None
    except (PyJWTError, JWTExtendedException, ValueError, TypeError, KeyError):
        raise InvalidToken(_("This token was not issued by this site. Please log in again.")) from None
    if not _is_complete(claims):
        raise InvalidToken(_("This token was not issued by this site. Please log in again."))
    return claims


def _is_complete(claims: Claims) -> bool:
    """Whether the claims have the types and ranges that this site writes: another program may sign with its key."""
    session_id, user_id, kind = (claims.get(name) for name in ("sid", "sub", "type"))
    is_session = isinstance(session_id, int) and not isinstance(session_id, bool) and 0 < session_id <= MAX_ID
    is_user = isinstance(user_id, str) and re.fullmatch("[0-9]{1,19}", user_id) and int(user_id) <= MAX_ID
    is_kind = kind == "access" or (kind == "refresh" and isinstance(claims.get("key"), str))
    return bool(is_session and is_user and is_kind)


@lru_cache(maxsize=4096)
def _decode_verified(token: str, _key: str) -> Claims:
    """The claims of a token with a valid signature. Cached, since verifying takes as long as two queries."""
    return decode_token(token)


def _by_password(name: str, password: str) -> Actor:
    """Authenticate by name and password. A correct pair is cached for a minute: a check takes a quarter of a second."""
    if request.method not in READ_METHODS and _is_cross_origin():
        raise InvalidToken(
            _("This way of logging in is not available here. Please send “Authorization: Bearer” and a token.")
        )
    cache_key = hashlib.sha256(f"{current_app.secret_key!r}\x1f{name}\x1f{password}".encode()).hexdigest()
    user_id, password_hash = _verified_passwords().get(cache_key, (0, None))
    user = db.session.get(User, user_id) if user_id else None
    if user is None or user.is_deleted or user.password_hash != password_hash:
        try:
            user = log_in_program_within_limits(login=name, password=password)
        except InvalidInput as error:
            raise WrongCredentials(error.message) from error
        _verified_passwords()[cache_key] = (user.id, user.password_hash)
        log_log_in(user.id)
    g.credential = Credential("basic")
    return actor_of(user)


def _is_cross_origin() -> bool:
    """Whether another site's page sent the request: browsers attach Basic credentials automatically, like cookies."""
    origin = request.headers.get("Origin")
    if origin is None or origin in (current_app.config["API_CORS_ORIGINS"] or ()):
        return False
    return origin.partition("://")[2] != request.host


@ttl_cache(seconds=60)
def _verified_passwords() -> dict[str, tuple[int, str | None]]:
    """Digest of name and password -> id and password hash of the account."""
    return {}


def open_api_session(user: User) -> TokenPair:
    """Open a session for a program that logs in as `user`. The person can end it in their settings."""
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
    log_log_in(user.id)
    return _token_pair(user.id, user.role == "admin", session.id, secret, is_fresh=True)


def refresh_api_session() -> TokenPair:
    """Exchange the refresh token of the request for new tokens. A token that was used before ends the session.

    Raises `TokenRevoked`, `RefreshTokenRequired` and the errors of `read_jwt`. Rotation by RFC 9700, section 4.14.2.
    """
    claims = read_jwt(_bearer_token())
    if claims["type"] != "refresh":
        raise RefreshTokenRequired(_("This is an access token. Please send the refresh token."))
    actor = _actor_of_claims(claims)
    secret = token_urlsafe(24)
    if not rotate_secret(claims["sid"], used=claims["key"], fresh=secret, now=now(), lifetime=_lifetime()):
        end_session(claims["sid"], user_id=actor.id or 0)
        commit_early()  # must outlive the failing request: the token has been copied
        raise TokenRevoked(
            _("This refresh token has already been used, so its session has been ended. Please log in again.")
        )
    return _token_pair(actor.id or 0, actor.role == "admin", claims["sid"], secret, is_fresh=False)


def _bearer_token() -> str:
    credentials = request.authorization
    if credentials is None or credentials.type != "bearer" or not credentials.token:
        raise RefreshTokenRequired(_("Please send the refresh token as “Authorization: Bearer”."))
    return credentials.token


def _token_pair(user_id: int, is_admin: bool, session_id: int, secret: str, *, is_fresh: bool) -> TokenPair:
    claims = {"sid": session_id, "is_admin": is_admin}
    return TokenPair(
        access_token=create_access_token(str(user_id), fresh=is_fresh, additional_claims=claims),
        refresh_token=create_refresh_token(str(user_id), additional_claims={**claims, "key": secret}),
        expires_in=current_app.config["JWT_ACCESS_LIFETIME"],
    )


def _lifetime() -> timedelta:
    return current_app.config["JWT_REFRESH_TOKEN_EXPIRES"]
