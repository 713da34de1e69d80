"""Signatures with a time that bear clocks which differ: between machines, or since a clock was set back."""

from datetime import datetime
from typing import Literal, overload

from itsdangerous import SignatureExpired, TimestampSigner

from .clock import now


class SteadySigner(TimestampSigner):
    """Accepts what was signed in the future. The library refuses it as expired: one machine ahead of another by a part
    of a second would log people out, and a clock that is set back everybody.
    """

    def get_timestamp(self) -> int:
        return int(now().timestamp())

    @overload
    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: Literal[False] = False
    ) -> bytes: ...

    @overload
    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: Literal[True] = True
    ) -> tuple[bytes, datetime]: ...

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> tuple[bytes, datetime] | bytes:
        """The signed value. Raises `BadSignature`, and `SignatureExpired` after `max_age` seconds."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        if max_age is not None and self.get_timestamp() - signed_at.timestamp() > max_age:
            raise SignatureExpired("the signature is too old", payload=value, date_signed=signed_at)
        return (value, signed_at) if return_timestamp else value
