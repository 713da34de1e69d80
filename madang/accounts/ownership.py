"""What belongs to a person in accounts: former usernames, sessions and access tokens."""

from madang.core.ownership import BY_FOREIGN_KEY, DELETE_ROWS, NOTHING_MORE, Drop, Move, Owned, Rows

from .models import AccessToken, FormerUsername, LoginSession
from .operations.sessions import end_other_sessions


def _end_sessions(user_id: int) -> None:
    end_other_sessions(user_id, besides=None)


def _end_sessions_of_merged(_target_id: int, source_id: int) -> None:
    end_other_sessions(source_id, besides=None)


OWNED = (
    Owned(
        column=LoginSession.user_id,
        export=Rows(
            "sessions.json",
            (LoginSession.user_agent, LoginSession.ip_address, LoginSession.created_at, LoginSession.last_used_at),
        ),
        on_merge=_end_sessions_of_merged,
        on_delete=_end_sessions,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
    Owned(
        column=FormerUsername.user_id,
        export=Rows("former_usernames.json", (FormerUsername.username,)),
        on_merge=Move(),
        on_delete=DELETE_ROWS,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
    Owned(
        column=AccessToken.user_id,
        export=Rows(
            "access_tokens.json",
            (
                AccessToken.name,
                AccessToken.scopes,
                AccessToken.created_at,
                AccessToken.last_used_at,
                AccessToken.expires_at,
            ),
        ),
        on_merge=Drop("A program that may use one account was not permitted to use the other."),
        on_delete=DELETE_ROWS,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
)
