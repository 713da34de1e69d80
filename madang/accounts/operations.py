"""Joining, logging in and out."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from madang.core.actor import GUEST
from madang.core.db import db
from madang.core.errors import InvalidInput, invalid
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_line, email_key
from madang.core.usernames import skeleton, username_problem

from .events import SessionsEnded, UserSignedUp
from .models import DISPLAY_NAME_MAX, EMAIL_MAX, KEY_MAX, MOST_SESSIONS, SESSION_RENEWED_AFTER, LoginSession, User
from .passwords import hash_password, password_problem, verify_password
from .queries import find_by_login, token_hash


def sign_up(
    *,
    username: str,
    email: str,
    password: str,
    password2: str,
    now: datetime,
    locale: str | None = None,
    role: str = "member",
    guest_id: int | None = None,
) -> User:
    """Make an account; a guest's row becomes it, with all that is the guest's.

    Raises `InvalidInput` with every wrong field at once.
    """
    username, email = clean_line(username), clean_line(email)
    invalid(
        username=username_sentence(username),
        email=email_sentence(email),
        password=password_problem(password, username, email.partition("@")[0]),
        password2=differing_passwords(password, password2),
    )
    password_hash = hash_password(password)
    user = (_held_guest(guest_id) if guest_id else None) or User()
    with naming(user):
        _name(user, username, email)
        user.password_hash, user.locale, user.role, user.created_at = password_hash, locale, role, now
    if guest_id:
        end_other_sessions(user.id, besides=None)  # whoever else has opened the handle is not the account's owner
    emit(UserSignedUp(user.id))
    return user


@contextmanager
def naming(user: User) -> Iterator[None]:
    """Write the name and address that the block gives to `user`. Raises `InvalidInput` if they are taken by now."""
    try:
        with db.session.begin_nested():
            yield
            db.session.add(user)
            db.session.flush()
    except IntegrityError as error:
        raise InvalidInput(
            _("This name or address was taken a moment ago. Please choose another."), field="username"
        ) from error


def _name(user: User, username: str, email: str) -> None:
    user.username, user.username_key, user.display_name = username, skeleton(username), username[:DISPLAY_NAME_MAX]
    user.email, user.email_key = email, email_key(email)


def _held_guest(guest_id: int) -> User | None:
    """The guest, whom nobody else can open or delete until the transaction ends; None if it is none by now."""
    is_meant = (User.id == guest_id) & (User.role == GUEST)
    return db.session.scalar(select(User).where(is_meant).with_for_update().execution_options(populate_existing=True))


def differing_passwords(password: str, password2: str) -> str | None:
    """What is wrong with the second of two passwords, as a sentence."""
    return None if password == password2 else _("The two passwords differ. Please type the same one twice.")


def username_sentence(username: str, *, besides: int | None = None) -> str | None:
    """What is wrong with a username, as a sentence; `besides` is the account that may have it already."""
    problem = username_problem(username)
    if problem in ("too_short", "too_long"):
        return _("A username has 3 to 30 characters.")
    if problem == "reserved":
        return _("This name is kept for the site itself. Please choose another.")
    if problem or len(skeleton(username)) > KEY_MAX:
        return _("A username has letters, digits, and single _ . - between them only.")
    taken = db.session.scalar(select(User.id).where(User.username_key == skeleton(username)))
    if taken is not None and taken != besides:
        return _("Somebody has this name already, or one that looks like it. Please choose another.")
    return None


def email_sentence(email: str, *, besides: int | None = None) -> str | None:
    """What is wrong with an address, as a sentence; `besides` is the account that may have it already."""
    if problem := email_shape_sentence(email):
        return problem
    taken = db.session.scalar(select(User.id).where(User.email_key == email_key(email)))
    if taken is not None and taken != besides:
        return _("An account with this address exists already. You can log in, or ask for a new password.")
    return None


def email_shape_sentence(email: str) -> str | None:
    """What is wrong with how an address is written, as a sentence."""
    return None if _is_email(email) else _("This does not look like an e-mail address. Please check it.")


def _is_email(email: str) -> bool:
    """Whether this can be an address. The validator takes minutes for a very long one, and folding may lengthen one."""
    if max(len(email), len(email_key(email))) > EMAIL_MAX:
        return False
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def log_in(*, login: str, password: str) -> User:
    """The account whose name (or address) and password these are. One sentence for whatever is wrong."""
    user = find_by_login(clean_line(login))
    if not verify_password(password, user.password_hash if user else None) or user is None:
        raise InvalidInput(_("That name and password do not belong together. Please check both."))
    return user


def start_session(
    user: User, *, now: datetime, lifetime: timedelta, is_remembered: bool, user_agent: str, ip_address: str
) -> str:
    """Open a session, and clear away the person's old ones that ran out. Returns the secret, which the cookie holds."""
    token = secrets.token_urlsafe(32)
    open_session(
        user,
        secret=token,
        now=now,
        lifetime=lifetime,
        is_remembered=is_remembered,
        user_agent=user_agent,
        ip_address=ip_address,
    )
    return token


def open_session(
    user: User,
    *,
    secret: str,
    now: datetime,
    lifetime: timedelta,
    is_remembered: bool,
    user_agent: str,
    ip_address: str,
) -> LoginSession:
    """Open a session that `secret` belongs to. The old ones that ran out go, and the least used of too many."""
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id, LoginSession.expires_at <= now))
    session = LoginSession(
        user_id=user.id,
        token_hash=token_hash(secret),
        is_remembered=is_remembered,
        user_agent=clean_line(user_agent)[:200],
        ip_address=ip_address[:45],
        created_at=now,
        last_used_at=now,
        expires_at=now + lifetime,
    )
    db.session.add(session)
    user.last_seen_at = now
    db.session.flush()
    lately = select(LoginSession.id).where(LoginSession.user_id == user.id).order_by(LoginSession.last_used_at.desc())
    _end_sessions(user.id, db.session.scalars(lately.order_by(LoginSession.id.desc())).all()[MOST_SESSIONS:])
    return session


def _end_sessions(user_id: int, ended: Sequence[int]) -> None:
    if ended:
        db.session.execute(delete(LoginSession).where(LoginSession.id.in_(ended)))
        emit(SessionsEnded(user_id, tuple(ended)))


def renew_session(session_id: int, *, user_id: int, used_at: datetime, now: datetime, lifetime: timedelta) -> None:
    """A session in use lives on; written down every ten minutes at most."""
    if now - used_at < SESSION_RENEWED_AFTER:
        return
    db.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(last_used_at=now, expires_at=now + lifetime)
    )
    db.session.execute(update(User).where(User.id == user_id).values(last_seen_at=now))


def end_session(session_id: int, *, user_id: int) -> bool:
    """End one session of a person; whether there was such a one."""
    mine = delete(LoginSession).where(LoginSession.id == session_id, LoginSession.user_id == user_id)
    if not db.session.execute(mine).rowcount:  # type: ignore[attr-defined]
        return False
    emit(SessionsEnded(user_id, (session_id,)))
    return True


def end_other_sessions(user_id: int, *, besides: int | None) -> None:
    """End all sessions of a person but one."""
    theirs = select(LoginSession.id).where(LoginSession.user_id == user_id)
    if besides is not None:
        theirs = theirs.where(LoginSession.id != besides)
    _end_sessions(user_id, db.session.scalars(theirs).all())


def forget_ended_sessions(moment: datetime) -> None:
    """Throw away the sessions that had ended by `moment`."""
    db.session.execute(
        delete(LoginSession).where(LoginSession.expires_at < moment).execution_options(synchronize_session=False)
    )
