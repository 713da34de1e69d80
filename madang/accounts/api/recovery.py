"""API routes for the links in mails: set a forgotten password, confirm an e-mail address."""

from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.web.request_limits import limit_rate
from madang.core.web.urls import host_of_request

from ..jobs import enqueue_former_address_notice, enqueue_recovery_mail
from ..operations.recovery import confirm_email, reset_password
from ..schemas import ConfirmationSchema, ForgottenSchema, ResetSchema

bp = ApiBlueprint("recovery", description="Forgotten passwords, and confirmation of e-mail addresses.")


@bp.post("/auth/forgot", public=True)
@bp.body(ForgottenSchema)
@bp.response(None)
def send_password_mail(payload: dict[str, str]) -> None:
    """Mail a link that sets a new password.

    Response and response time do not depend on whether an account has the address.
    """
    limit_rate("mail", by_address=True)
    enqueue_recovery_mail(payload["email"], host_of_request())


@bp.put("/auth/password", public=True)
@bp.alt_response(410)
@bp.body(ResetSchema)
@bp.response(None)
def set_forgotten_password(payload: dict[str, str]) -> None:
    """Set a new password with the token from a mailed link. Ends every session and revokes every personal token."""
    limit_rate("login", by_address=True)
    reset_password(payload["token"], password=payload["password"], password2=payload["password"], now=now())


@bp.put("/auth/email", public=True)
@bp.alt_response(410)
@bp.body(ConfirmationSchema)
@bp.response(None)
def confirm_address(payload: dict[str, str]) -> None:
    """Confirm an e-mail address with the token from a mailed link. A newer link voids it."""
    user, former = confirm_email(payload["token"], now=now())
    enqueue_former_address_notice(user, former)
