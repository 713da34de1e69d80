"""Staff pages: list, create and edit accounts; make password links."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from madang.accounts.jobs import send_password_link
from madang.accounts.models import ROLES, User
from madang.accounts.operations.managing import add_account, edit_account, get_account, record_password_link
from madang.accounts.operations.signed_links import staff_password_token
from madang.accounts.queries.directory import ORDERS, PER_PAGE, STATES, AccountCriteria, account_criteria, account_page
from madang.accounts.sentences import role_words
from madang.core.clock import now
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.forms import submitted_value
from madang.core.web.request_limits import limit_rate
from madang.core.web.urls import absolute_url, host_of_request

from ..forms import AccountForm
from .access import admin_required, confirmation_page, is_confirmed, paginate, query_id, with_query

bp = Blueprint("admin_users", __name__, url_prefix="/admin/users")


@bp.get("")
@admin_required
def users() -> str:
    criteria = account_criteria(*(request.args.get(name, "") for name in ("q", "role", "state", "sort")))
    rows = account_page(criteria, after=query_id("after"), now=now())
    page = paginate(rows, PER_PAGE, "after")
    return render_template(
        "admin/users.html",
        asked=criteria,
        columns=_columns(criteria),
        roles=[(role, role_words(role)) for role in ROLES],
        states=[(state, _state_words(state)) for state in STATES],
        role_words=role_words,
        moment=now(),
        rows=page.rows,
        **page.links,
    )


def _state_words(state: str) -> str:
    return {"active": _("Not suspended"), "suspended": _("Suspended")}[state]


def _columns(criteria: AccountCriteria) -> list[dict[str, object]]:
    """The columns of the table, three of them with links that sort."""
    titles = {
        "name": _("Username"),
        "email": _("E-mail address"),
        "role": _("Role"),
        "reputation": _("Reputation"),
        "newest": _("Joined"),
    }
    return [
        {
            "title": title,
            "end": key == "reputation",
            "url": with_query(sort=key) if key in ORDERS else "",
            "sorted": ("asc" if key == "name" else "desc") if key == criteria.sort else "",
        }
        for key, title in titles.items()
    ]


@bp.get("/add")
@admin_required
def ask_add() -> str:
    return _add_page(AccountForm(data={"role": "member"}, formdata=None))


def _add_page(form: AccountForm) -> str:
    return render_template("admin/user_add.html", form=form.set_labels())


@bp.post("/add")
@api_twin("POST /admin/users")
@admin_required
def add() -> AnyResponse | str | tuple[str, int]:
    form = AccountForm()
    with form.submitted():
        user = add_account(actor=current_actor(), now=now(), **form.values())
        if not is_confirmed():
            lines = [
                _("An account will be created for %(name)s.", name=f"{user.shown_name} (@{user.username})"),
                _("Role: %(role)s.", role=role_words(user.role)),
                _("It has no password yet. On the next page you can create a link for setting one."),
            ]
            return confirmation_page(form, lines, title=_("Add this person?"), ok=_("Add"), back="/admin/users")
        flash(_("The account has been created. Now create a link with which its owner can set a password."), "success")
        return redirect(f"/admin/users/{user.id}")
    return _add_page(form), form.status


@bp.get("/<int:user_id>")
@admin_required
def user(user_id: int) -> str:
    account = get_account(user_id, current_actor())
    return _user_page(account, _filled_form(account))


def _filled_form(account: User) -> AccountForm:
    values = {name: getattr(account, name) or "" for name in ("username", "display_name", "email", "role")}
    return AccountForm(data=values, formdata=None)


def _user_page(account: User, form: AccountForm, link: str = "") -> str:
    is_suspended = account.suspended_until is not None and account.suspended_until > now()
    return render_template(
        "admin/user.html", person=account, form=form.set_labels(), link=link, is_suspended=is_suspended
    )


@bp.post("/<int:user_id>", endpoint="save")
@api_twin("PATCH /admin/users/<username>")
@admin_required
def save(user_id: int) -> AnyResponse | str | tuple[str, int]:
    form, account, back = AccountForm(), get_account(user_id, current_actor()), f"/admin/users/{user_id}"
    with form.submitted():
        before = _printed_values(account)
        changed = edit_account(account, actor=current_actor(), now=now(), **form.values())
        if changed and not is_confirmed():
            lines = _changes(before, _printed_values(account))
            return confirmation_page(form, lines, title=_("Change this account?"), ok=_("Change"), back=back)
        flash(_("The account has been changed.") if changed else _("Nothing was changed."), "success")
        return redirect(back)
    return _user_page(get_account(user_id, current_actor()), form), form.status


def _printed_values(account: User) -> tuple[str, ...]:
    return account.username, account.display_name, account.email or "", role_words(account.role)


def _changes(before: tuple[str, ...], after: tuple[str, ...]) -> list[str]:
    """One sentence for each change of an account's username, name, address and role."""
    sentences = []
    for sentence, old, new in zip(_change_sentences(), before, after, strict=True):
        if old != new:
            sentences.append(sentence % {"old": old or "—", "new": new})
    return sentences


def _change_sentences() -> list[str]:
    return [
        _("The username changes from %(old)s to %(new)s. The old profile address redirects to the new one."),
        _("The display name changes from %(old)s to %(new)s."),
        _(
            "The e-mail address changes from %(old)s to %(new)s and must be confirmed. "
            "A mail about it goes to the old one."
        ),
        _("The role changes from %(old)s to %(new)s, starting with the next page they open."),
    ]


@bp.post("/<int:user_id>/password", endpoint="password_link")
@api_twin("POST /admin/users/<username>/password-link")
@admin_required
def password_link(user_id: int) -> AnyResponse | str:
    """Make a link that sets the password, which is mailed or shown once."""
    account = get_account(user_id, current_actor())
    if submitted_value({"mail": True, "show": False}):
        limit_rate("mail")
        record_password_link(account, actor=current_actor(), is_mailed=True)
        send_password_link.enqueue(owner_id=account.id, user_id=account.id, host=host_of_request())
        flash(_("A link has been sent to %(email)s. It works for two hours.", email=account.email), "success")
        return redirect(f"/admin/users/{user_id}")
    record_password_link(account, actor=current_actor(), is_mailed=False)
    link = absolute_url(f"/auth/reset/{staff_password_token(account)}")
    return _user_page(account, _filled_form(account), link)
