"""Pages of groups, and the forms of their members and owners."""

from flask import Blueprint, flash, redirect, render_template, request
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.accounts.models import User
from madang.accounts.queries.users import avatar_url, get_user
from madang.core.clock import now
from madang.core.errors import NotFound
from madang.core.i18n import _, ngettext
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.caching import mark_cacheable
from madang.core.web.forms import submitted_toggle
from madang.core.web.ids import parse_id
from madang.core.web.request_limits import limited_rate

from .forms import AskForm, PeopleForm
from .fragments import ask_form, group_page, people_form
from .jobs import enqueue_addition
from .models import Group
from .operations.membership import (
    add_people,
    join_group,
    leave_group,
    remove_member,
    require_can_leave,
    require_leader,
    set_owner,
)
from .operations.people import MAX_AT_ONCE, get_people
from .operations.requests import accept_request, ask_to_join, decline_request, invite_people, withdraw_request
from .policies import audiences_of
from .queries import built_in_rows, get_group, get_group_row, group_rows, owner_ids
from .sentences import joining_words, origin_words

bp = Blueprint("groups", __name__, url_prefix="/groups")


@bp.get("")
def groups() -> str:
    mark_cacheable()
    actor = current_actor()
    return render_template(
        "groups/list.html",
        rows=group_rows(actor),
        built_in=built_in_rows(),
        audiences=audiences_of(actor),
        joining_words=joining_words,
    )


@bp.get("/<slug>")
def show(slug: str) -> str:
    mark_cacheable()
    after = parse_id(request.args["after"]) if request.args.get("after") else None
    return _page(slug, ask_form(), people_form(), after)


def _page(slug: str, ask: AskForm, people: PeopleForm, after: int | None = None) -> str:
    actor = current_actor()
    page = group_page(get_group_row(slug, actor), actor, after)
    return render_template(
        "groups/show.html",
        page=page,
        group=page.group,
        ask=ask,
        people=people,
        picture=avatar_url,
        most=MAX_AT_ONCE,
        joining_words=joining_words,
        origin_words=origin_words,
    )


def _group(slug: str) -> Group:
    return get_group(slug, current_actor())


def _back(slug: str) -> AnyResponse:
    """To the page of a group; to the list, if the actor may not see it any more."""
    try:
        get_group_row(slug, current_actor())
    except NotFound:
        return redirect("/groups")
    return redirect(f"/groups/{slug}")


@bp.post("/<slug>/join")
@api_twin("PUT /groups/<slug>/membership")
@login_required
@limited_rate("group")
def join(slug: str) -> AnyResponse:
    group = _group(slug)
    join_group(group, actor=current_actor(), now=now())
    flash(_("You are a member of “%(name)s” now.", name=group.name), "success")
    return redirect(f"/groups/{slug}")


@bp.get("/<slug>/leave")
@login_required
def ask_leave(slug: str) -> str:
    group, actor = _group(slug), current_actor()
    require_can_leave(group, actor)
    return render_template("groups/leave.html", group=group, is_last_owner=owner_ids(group.id) == [actor.id])


@bp.post("/<slug>/leave")
@api_twin("DELETE /groups/<slug>/membership")
@login_required
def leave(slug: str) -> AnyResponse:
    group = _group(slug)
    leave_group(group, actor=current_actor())
    flash(_("You have left “%(name)s”.", name=group.name), "success")
    return _back(slug)


@bp.post("/<slug>/ask")
@api_twin("PUT /groups/<slug>/request")
@login_required
def ask(slug: str) -> AnyResponse | tuple[str, int]:
    form, group = AskForm().set_labels(), _group(slug)
    with form.submitted():
        with limited_rate("group"):
            ask_to_join(group, actor=current_actor(), note=form.text("note"), now=now())
        flash(_("Your request was sent to the owners of the group."), "success")
        return redirect(f"/groups/{slug}")
    return _page(slug, form, people_form()), form.status


@bp.post("/<slug>/withdraw")
@api_twin("DELETE /groups/<slug>/request")
@login_required
def withdraw(slug: str) -> AnyResponse:
    withdraw_request(_group(slug), actor=current_actor())
    return _back(slug)


@bp.post("/<slug>/members")
@api_twin("POST /groups/<slug>/members")
@login_required
def add(slug: str) -> AnyResponse | tuple[str, int]:
    form, group, actor = PeopleForm().set_labels(), _group(slug), current_actor()
    require_leader(group, actor)
    with form.submitted(), limited_rate("group"):
        names = form.names()
        if len(names) > MAX_AT_ONCE:
            return redirect(f"/jobs/{enqueue_addition(group, names, actor=actor).id}")
        added = add_people(group, get_people(names), actor=actor, now=now())
        flash(ngettext("%(num)s person was added.", "%(num)s people were added.", len(added)), "success")
        return redirect(f"/groups/{slug}")
    return _page(slug, ask_form(), form), form.status


@bp.post("/<slug>/invitations")
@api_twin("POST /groups/<slug>/invitations")
@login_required
def invite(slug: str) -> AnyResponse | tuple[str, int]:
    form, group, actor = PeopleForm().set_labels(), _group(slug), current_actor()
    require_leader(group, actor)
    with form.submitted(), limited_rate("group"):
        invited = invite_people(group, get_people(form.names()), actor=actor, note=form.text("note"), now=now())
        flash(ngettext("%(num)s person was invited.", "%(num)s people were invited.", len(invited)), "success")
        return redirect(f"/groups/{slug}")
    return _page(slug, ask_form(), form), form.status


@bp.post("/<slug>/members/<username>/remove")
@api_twin("DELETE /groups/<slug>/members/<username>")
@login_required
def remove(slug: str, username: str) -> AnyResponse:
    remove_member(_group(slug), _person(username), actor=current_actor())
    return _back(slug)


@bp.post("/<slug>/members/<username>/owner")
@api_twin("PATCH /groups/<slug>/members/<username>")
@login_required
def own(slug: str, username: str) -> AnyResponse:
    set_owner(_group(slug), _person(username), submitted_toggle(), actor=current_actor())
    return redirect(f"/groups/{slug}")


@bp.post("/<slug>/requests/<username>/accept")
@api_twin("PUT /groups/<slug>/requests/<username>/accept")
@login_required
def accept(slug: str, username: str) -> AnyResponse:
    accept_request(_group(slug), _person(username), actor=current_actor(), now=now())
    return redirect(f"/groups/{slug}")


@bp.post("/<slug>/requests/<username>/decline")
@api_twin("DELETE /groups/<slug>/requests/<username>")
@login_required
def decline(slug: str, username: str) -> AnyResponse:
    decline_request(_group(slug), _person(username), actor=current_actor())
    return redirect(f"/groups/{slug}")


def _person(username: str) -> User:
    return get_user(username, current_actor())
