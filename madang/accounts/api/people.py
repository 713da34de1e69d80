"""API routes: the list of people, profiles, what a person wrote, and the export of personal data."""

from madang.core.clock import now
from madang.core.i18n import _
from madang.core.rest.access import ADMIN
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limit_rate
from madang.core.web.suspension import allowed_while_suspended
from madang.jobs.fragments import job_row
from madang.jobs.schemas import JobSchema
from madang.posts.queries.keyset import NEWEST, KeysetOrder, answers_by, posts_after
from madang.posts.schemas.posts import PostSummarySchema

from ..fragments.profiles import NEWEST_COMMENTS, comments_by, votes_received
from ..jobs import export_my_data
from ..models import User
from ..operations.deletion import remove_account
from ..operations.exporting import running_export
from ..operations.managing import get_named_account
from ..queries.people import ORDERS, people_after
from ..queries.users import get_user, get_user_by_name_or_id
from ..schemas import (
    PeopleQuery,
    ReceivedVotesSchema,
    UserRemovalQuery,
    UserSchema,
    UserSummarySchema,
    WrittenCommentSchema,
)

bp = ApiBlueprint("accounts", description="People, and what they wrote.")


@bp.get("/users", public=True)
@bp.paginated(UserSummarySchema, PeopleQuery)
def list_users(page: Page) -> PageResult:
    """People, optionally only those whose name contains a word."""
    order = ORDERS[page["sort"]]
    return page.of(people_after(page["q"], page["sort"], page.after(order.types), page.more), order.key_of)


@bp.get("/users/<username>", public=True)
@bp.response(UserSchema)
def get_one_user(username: str) -> User:
    """A person's profile.

    A number that is nobody's username is taken as an account id, which helps during development. New usernames are
    never numbers.
    """
    return get_user_by_name_or_id(username, current_actor())


@bp.delete("/users/<username>", scope=ADMIN, fresh=True, if_match=True)
@bp.query(UserRemovalQuery)
@bp.response(None)
def remove_user(query: dict[str, str], username: str) -> None:
    """Delete an account, as an administrator.

    Its posts and comments stay, under "deleted user"; `DELETE /admin/users/{username}` can remove them too.
    """
    actor, user = current_actor(), get_named_account(username, current_actor())
    require_unchanged(UserSchema, user)
    reason = query["reason"] or _("Deleted through the API.")
    remove_account(user, actor=actor, reason=reason, is_content_kept=True, now=now())


@bp.get("/users/<username>/questions", public=True)
@bp.paginated(PostSummarySchema)
def list_questions_of_user(page: Page, username: str) -> PageResult:
    """The questions that a person asked, the newest first. Other posts: `GET /posts?author=`."""
    actor = current_actor()
    order = KeysetOrder(actor, kind="question", author_id=get_user(username, actor).id)
    return page.of(posts_after(order, page.after(order.keyset.types), page.more), order.keyset.key_of)


@bp.get("/users/<username>/answers", public=True)
@bp.paginated(PostSummarySchema)
def list_answers_of_user(page: Page, username: str) -> PageResult:
    """The answers that a person gave, the newest first."""
    actor = current_actor()
    user = get_user(username, actor)
    return page.of(answers_by(user.id, actor, page.after(NEWEST.types), page.more), NEWEST.key_of)


@bp.get("/users/<username>/comments", public=True)
@bp.paginated(WrittenCommentSchema)
def list_comments_of_user(page: Page, username: str) -> PageResult:
    """The comments that a person wrote, the newest first."""
    actor = current_actor()
    user = get_user(username, actor)
    return page.of(comments_by(user.id, actor, page.after(NEWEST_COMMENTS.types), page.more), NEWEST_COMMENTS.key_of)


@bp.get("/users/<username>/votes", public=True)
@bp.paginated(ReceivedVotesSchema)
def list_votes_of_user(page: Page, username: str) -> PageResult:
    """The votes on what a person wrote, by kind."""
    actor = current_actor()
    votes = votes_received(get_user(username, actor).id, actor)
    return page.whole([{"kind": kind, "up": up, "down": down} for kind, (up, down) in votes.items()])


@bp.post("/me/export", fresh=True)
@bp.response(JobSchema, 201)
@allowed_while_suspended
def create_export() -> Created:
    """Request an archive of the personal data that the site stores about the caller. Returns the job that makes it.

    A second request while the job runs returns the same job.
    """
    user_id = current_actor().id or 0
    job = running_export(user_id)
    if job is None:
        limit_rate("mail")
        job = export_my_data.enqueue(owner_id=user_id, user_id=user_id)
    return Created(job_row(job), f"{PREFIX}/jobs/{job.id}")
