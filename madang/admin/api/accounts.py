"""Accounts for programs of administrators: finding, making, changing, suspending, deleting and merging them."""

from typing import Any

from flask import Response

from madang.accounts.jobs import send_password_link
from madang.accounts.models import User
from madang.accounts.operations.deletion import remove_account
from madang.accounts.operations.links import handed_password_token
from madang.accounts.operations.managing import add_account, edit_account, get_named_account, note_password_link
from madang.accounts.operations.merging import find_other_account, merge_accounts
from madang.accounts.operations.suspending import lift_suspension, suspend_account
from madang.accounts.queries import directory
from madang.core.clock import now
from madang.core.rest.blueprint import PREFIX, Created
from madang.core.rest.paging import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate
from madang.core.web.urls import absolute, host_of_request
from madang.jobs.schemas import JobSchema

from ..jobs import remove_content
from ..operations.removing import content_numbers
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
from .access import StaffBlueprint, accepted

bp = StaffBlueprint("admin", description="Accounts, as administrators manage them.")
EDITED = ("username", "display_name", "email", "role")


def _unchanged(username: str) -> User:
    """The account, if it is still as the caller read it."""
    person = get_named_account(username, current_actor())
    require_unchanged(AccountSchema, person)
    return person


def _address(person: User) -> str:
    return f"{PREFIX}/admin/users/{person.username}"


@bp.get("/admin/users")
@bp.paginated(AccountSchema, AccountQuery)
def list_accounts(page: Page) -> PageResult:
    """Accounts, found by how a name or an address begins."""
    asked = directory.wanted(page["q"], page["role"] or "", page["state"] or "", page["sort"])
    rows = directory.accounts_behind(asked, page.after, page.more, now())
    return page.of(rows, lambda row: directory.key_of(row, asked.sort))


@bp.post("/admin/users")
@bp.body(NewAccountSchema)
@bp.response(AccountSchema, 201)
def create_account(wanted: dict[str, str]) -> Created:
    """Make an account for somebody, who sets the password by a link: `POST /admin/users/{username}/password-link`."""
    person = add_account(actor=current_actor(), **wanted, now=now())
    return Created(person, _address(person))


@bp.get("/admin/users/<username>")
@bp.response(AccountSchema)
def get_one_account(username: str) -> User:
    """An account, by its username or its number."""
    return get_named_account(username, current_actor())


@bp.patch("/admin/users/<username>", if_match=True)
@bp.body(EditedAccountSchema)
@bp.response(AccountSchema)
def edit_one_account(wanted: dict[str, Any], username: str) -> User:
    """Change the names, the address and the role of an account."""
    person = _unchanged(username)
    words = {name: wanted.get(name, getattr(person, name)) or "" for name in EDITED}
    edit_account(person, actor=current_actor(), now=now(), **words)
    return person


@bp.put("/admin/users/<username>/suspension", if_match=True)
@bp.body(SuspensionSchema)
@bp.response(AccountSchema)
def suspend_one_account(wanted: dict[str, Any], username: str) -> User:
    """Let somebody write nothing until a moment; they can still read."""
    person = _unchanged(username)
    suspend_account(person, actor=current_actor(), **wanted, now=now())
    return person


@bp.delete("/admin/users/<username>/suspension", if_match=True)
@bp.response(None)
def lift_one_suspension(username: str) -> None:
    """Let somebody write again."""
    lift_suspension(_unchanged(username), actor=current_actor())


@bp.post("/admin/users/<username>/password-link", idempotent=False)
@bp.body(NewPasswordLinkSchema, optional=True)
@bp.response(PasswordLinkSchema, 201)
def create_password_link(wanted: dict[str, bool], username: str) -> Created:
    """Make a link by which somebody sets a password: shown this once, or sent to the account's address."""
    person = get_named_account(username, current_actor())
    note_password_link(person, actor=current_actor(), **wanted)
    if wanted["is_mailed"]:
        limit_rate("mail")
        send_password_link.enqueue(owner_id=person.id, user_id=person.id, host=host_of_request())
        return Created({"url": None}, _address(person))
    return Created({"url": absolute(f"/auth/reset/{handed_password_token(person)}")}, _address(person))


@bp.get("/admin/users/<username>/consequences")
@bp.response(ConsequencesSchema)
def get_consequences(username: str) -> dict[str, int]:
    """What deleting an account with its content would take away, and merging would move."""
    return content_numbers(get_named_account(username, current_actor()).id)


@bp.delete("/admin/users/<username>", if_match=True)
@bp.alt_response(202, schema=JobSchema, description="The account is gone; the job removes what it wrote.")
@bp.query(RemovalQuery)
@bp.response(None)
def remove_one_account(wanted: dict[str, str], username: str) -> Response | None:
    """Delete somebody's account. What it wrote is kept under "deleted user", or removed by a job (202)."""
    person, actor, is_kept = _unchanged(username), current_actor(), wanted["content"] == "keep"
    remove_account(person, actor=actor, reason=wanted["reason"], is_content_kept=is_kept, now=now())
    if is_kept:
        return None
    return accepted(remove_content.enqueue(owner_id=actor.id, user_id=person.id, actor_id=actor.id))


@bp.post("/admin/users/<username>/merge")
@bp.body(MergeSchema)
@bp.response(AccountSchema)
def merge_one_account(wanted: dict[str, str], username: str) -> User:
    """Let everything of an account belong to another one, which is shown; the old name leads there."""
    gone, actor = get_named_account(username, current_actor()), current_actor()
    kept = find_other_account(wanted["into"], actor=actor)
    merge_accounts(gone, kept, actor=actor, now=now())
    return kept
