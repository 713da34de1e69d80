"""Staff API of accounts: list, create, edit, suspend, delete and merge."""

from datetime import datetime
from typing import TypedDict

from flask import Response

from madang.accounts.jobs import send_password_link
from madang.accounts.models import User
from madang.accounts.operations.deletion import remove_account
from madang.accounts.operations.managing import add_account, edit_account, get_named_account, record_password_link
from madang.accounts.operations.merging import find_other_account, merge_accounts
from madang.accounts.operations.signed_links import staff_password_token
from madang.accounts.operations.suspending import lift_suspension, suspend_account
from madang.accounts.queries import directory
from madang.core.clock import now
from madang.core.rest.blueprint import PREFIX, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limit_rate
from madang.core.web.urls import absolute_url, host_of_request
from madang.jobs.fragments import accepted
from madang.jobs.schemas import JobSchema

from ..jobs import remove_content
from ..operations.content_removal import content_counts
from ..schemas.accounts import (
    AccountQuery,
    AccountSchema,
    ConsequencesSchema,
    EditedAccountSchema,
    MergeSchema,
    NewAccountSchema,
    NewPasswordLinkSchema,
    PasswordLinkSchema,
    RemovalQuery,
    SuspensionSchema,
)
from .access import StaffBlueprint

bp = StaffBlueprint("admin", description="Account management, for administrators.")
EDITABLE_FIELDS = ("username", "display_name", "email", "role")


class Suspension(TypedDict):
    """The body that `SuspensionSchema` loads."""

    reason: str
    until: datetime


def _get_unchanged(username: str) -> User:
    """The account, if it matches the caller's `If-Match`."""
    person = get_named_account(username, current_actor())
    require_unchanged(AccountSchema, person)
    return person


def _location(person: User) -> str:
    return f"{PREFIX}/admin/users/{person.username}"


@bp.get("/admin/users")
@bp.paginated(AccountSchema, AccountQuery)
def list_accounts(page: Page) -> PageResult:
    """Accounts, optionally those whose name or address begins with a text."""
    criteria = directory.account_criteria(page["q"], page["role"] or "", page["state"] or "", page["sort"])
    order = directory.ORDERS[criteria.sort]
    return page.of(directory.accounts_after(criteria, page.after(order.types), page.more, now()), order.key_of)


@bp.post("/admin/users")
@bp.body(NewAccountSchema)
@bp.response(AccountSchema, 201)
def create_account(payload: dict[str, str]) -> Created:
    """Create an account. Its owner sets the password by a link: `POST /admin/users/{username}/password-link`."""
    person = add_account(actor=current_actor(), **payload, now=now())
    return Created(person, _location(person))


@bp.get("/admin/users/<username>")
@bp.response(AccountSchema)
def get_one_account(username: str) -> User:
    """An account, by its username or its id."""
    return get_named_account(username, current_actor())


@bp.patch("/admin/users/<username>", if_match=True)
@bp.body(EditedAccountSchema)
@bp.response(AccountSchema)
def edit_one_account(payload: dict[str, str | None], username: str) -> User:
    """Change the names, the address and the role of an account."""
    person = _get_unchanged(username)
    fields = {name: payload.get(name, getattr(person, name)) or "" for name in EDITABLE_FIELDS}
    edit_account(person, actor=current_actor(), now=now(), **fields)
    return person


@bp.put("/admin/users/<username>/suspension", if_match=True)
@bp.body(SuspensionSchema)
@bp.response(AccountSchema)
def suspend_one_account(payload: Suspension, username: str) -> User:
    """Suspend an account until a moment: the person can read but not write."""
    person = _get_unchanged(username)
    suspend_account(person, actor=current_actor(), **payload, now=now())
    return person


@bp.delete("/admin/users/<username>/suspension", if_match=True)
@bp.response(None)
def lift_one_suspension(username: str) -> None:
    """End a suspension."""
    lift_suspension(_get_unchanged(username), actor=current_actor())


@bp.post("/admin/users/<username>/password-link", idempotent=False)
@bp.body(NewPasswordLinkSchema, optional=True)
@bp.response(PasswordLinkSchema, 201)
def create_password_link(payload: dict[str, bool], username: str) -> Created:
    """Create a link that sets the account's password: returned this once, or mailed to the account's address."""
    person = get_named_account(username, current_actor())
    record_password_link(person, actor=current_actor(), **payload)
    if payload["is_mailed"]:
        limit_rate("mail")
        send_password_link.enqueue(owner_id=person.id, user_id=person.id, host=host_of_request())
        return Created({"url": None}, _location(person))
    return Created({"url": absolute_url(f"/auth/reset/{staff_password_token(person)}")}, _location(person))


@bp.get("/admin/users/<username>/consequences")
@bp.response(ConsequencesSchema)
def get_consequences(username: str) -> dict[str, dict[str, int]]:
    """How much content deleting the account with its content would remove, or merging would move."""
    return {"counts": content_counts(get_named_account(username, current_actor()).id)}


@bp.delete("/admin/users/<username>", if_match=True)
@bp.alt_response(202, schema=JobSchema, description="The account is deleted; the job removes its content.")
@bp.query(RemovalQuery)
@bp.response(None)
def remove_one_account(query: dict[str, str], username: str) -> Response | None:
    """Delete an account. Its content stays under "deleted user", or is removed by a job (202)."""
    person, actor, keeps_content = _get_unchanged(username), current_actor(), query["content"] == "keep"
    remove_account(person, actor=actor, reason=query["reason"], is_content_kept=keeps_content, now=now())
    if keeps_content:
        return None
    return accepted(remove_content.enqueue(owner_id=actor.id, user_id=person.id, actor_id=actor.id))


@bp.post("/admin/users/<username>/merge")
@bp.body(MergeSchema)
@bp.response(AccountSchema)
def merge_one_account(payload: dict[str, str], username: str) -> User:
    """Merge an account into another one, which is returned. The old username redirects to it."""
    source, actor = get_named_account(username, current_actor()), current_actor()
    target = find_other_account(payload["into"], actor=actor)
    merge_accounts(source, target, actor=actor, now=now())
    return target
