"""The page of a post: the post, its answers with their comments, and what the reader can do with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, TypedDict, cast

from markupsafe import Markup
from sqlalchemy import Row

from madang.boards.queries import asks_before_vote
from madang.comments.fragments import comments_fragment
from madang.comments.queries import INITIAL_COMMENT_COUNT, comments_of_posts
from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db.pagination import Page
from madang.core.i18n import ago
from madang.core.settings import setting
from madang.core.web.fragment_cache import fragment, render_macro
from madang.following.policies import can_follow_question
from madang.following.queries import saved_and_followed
from madang.moderation.policies import can_flag, can_request_deletion
from madang.votes.policies import can_vote_on_post, takes_votes
from madang.votes.queries import votes_of

from .. import policies
from ..models import Post
from ..policies import PostLike
from ..queries.answers import is_answered_by_others
from ..queries.posts import PageRow
from ..sentences import close_reason
from .addresses import login_path
from .slots import below_text

MAX_HTML = 400_000  # characters of the answers of a page
SHORT_HTML = 1_000  # such answers are always whole: a link to the rest would be as long


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the reader can do with a post."""

    vote: bool = False
    vote_down: bool = False
    edit: bool = False
    delete: bool = False
    request_deletion: bool = False
    restore: bool = False
    accept: bool = False
    comment: bool = False
    flag: bool = False
    moderate: bool = False


class PostContext(NamedTuple):
    """A post on its page as its template reads it; its votes alone need nothing after `login_url`.

    `below_text` is what other slices show there. `is_saved` is None for a reader without an account, `is_followed`
    where there is nothing to follow. `whole_url` is the address of the page with the whole answer, where this one shows
    its beginning. `ages` are only part of the cache key: the relative times of writing and editing.
    """

    post: PageRow | Post
    my_vote: int
    abilities: Abilities
    is_accepted: bool
    login_url: str | None = None
    below_text: Markup = Markup()
    comments: Markup = Markup()
    is_saved: bool | None = None
    is_followed: bool | None = None
    whole_url: str | None = None
    ages: tuple[str, str] = ("", "")
    asks_before_vote: bool = False
    takes_votes: bool = True
    can_save: bool = True


class PostPageContext(NamedTuple):
    """The page of a post above the answer form as its template reads it.

    `pieces` are the post and its answers, `pager` links the other pages of answers, `originals` are the ids and titles
    of the questions that a duplicate repeats; `ages` as in `PostContext`.
    """

    post: PageRow
    pieces: tuple[Markup, ...]
    sort: str
    pager: Markup | str
    can_moderate: bool
    close_reason: str | None
    originals: tuple[tuple[int, str], ...]
    ages: tuple[str, str]


def abilities(
    actor: Actor,
    post: PostLike,
    question: PostLike,
    *,
    is_answered_by_others: bool = False,
    talk_votes: bool = True,
) -> Abilities:
    """What `actor` can do with `post`, which is `question` itself or one of its answers.

    `is_answered_by_others` is read for the author of a question only, and by whoever prints their buttons; `talk_votes`
    is the setting TALK_VOTES.
    """
    if actor.is_anonymous:
        return Abilities()
    return Abilities(
        vote=can_vote_on_post(actor, post, 1, talk_votes=talk_votes),
        vote_down=can_vote_on_post(actor, post, -1, talk_votes=talk_votes),
        edit=policies.can_edit_post(actor, post),
        delete=policies.can_delete_post(actor, post, is_answered_by_others=is_answered_by_others),
        request_deletion=can_request_deletion(actor, post, is_answered_by_others=is_answered_by_others),
        restore=policies.can_restore_post(actor, post),
        accept=post.kind == "answer" and not post.is_deleted and policies.can_accept_answer(actor, question),
        comment=policies.can_comment(actor, post),
        flag=can_flag(actor, post),
        moderate=post.kind != "answer" and policies.can_moderate(actor),
    )


def whole_ids(answers: list[PageRow], whole_id: int = 0) -> set[int]:
    """The ids of the answers that a page shows whole: `whole_id`, short ones, and the first up to `MAX_HTML` together.

    A page of ordinary answers is far below; one of very long ones would take seconds of everybody's time.
    """
    ids, room = set(), MAX_HTML
    for answer in sorted(answers, key=lambda answer: answer.id != whole_id):
        length = len(answer.body_html)
        if length <= SHORT_HTML or length <= room or answer.id == whole_id:
            ids.add(answer.id)
            room -= length
    return ids


def post_fragments(
    posts: list[PageRow],
    question: PageRow,
    actor: Actor,
    expanded_post_id: int = 0,
    shortened: Mapping[int, str] = MappingProxyType({}),
) -> list[Markup]:
    """Posts of the page of `question`, each as a fragment with its comments.

    The post `expanded_post_id` shows all its comments, the others the first `INITIAL_COMMENT_COUNT`. Of the posts
    `shortened`, which are addresses of the whole text by id, the beginning is shown.
    """
    ids = [post.id for post in posts]
    totals, comments = _comments(posts, expanded_post_id)
    votes, voted_comment_ids = votes_of(actor, ids, [row.id for rows in comments.values() for row in rows])
    saved, is_followed = saved_and_followed(actor, ids, question.id)
    can_follow, pieces = can_follow_question(actor, question.kind, question.author_id), []
    asks = asks_before_vote(question.board_id)
    is_answered = actor.id == question.author_id and _is_answered_by_others(question, posts)
    for post in posts:
        allowed = _abilities_here(actor, post, question, is_answered=is_answered and post is question)
        comments_html = comments_fragment(
            post, comments.get(post.id, []), actor, voted_comment_ids, allowed.comment, totals.get(post.id, 0)
        )
        shown = PostContext(
            post,
            votes.get(post.id, 0),
            allowed,
            is_accepted=post.id == question.accepted_answer_id,
            login_url=login_path(actor, question),
            below_text=below_text(post, actor) if post is question else Markup(),
            comments=comments_html,
            is_saved=post.id in saved if actor.has_identity else None,
            is_followed=is_followed if can_follow and post is question else None,
            whole_url=shortened.get(post.id),
            ages=_ages(post),
            **_switches(post, asks=asks),
        )
        pieces.append(fragment("posts/article.html", "article", shown, key=(_printed_columns(shown), *shown[1:])))
    return pieces


def _abilities_here(actor: Actor, post: PostLike, question: PostLike, *, is_answered: bool = False) -> Abilities:
    """As `abilities`, by the settings of this site."""
    votes = setting("TALK_VOTES")
    return abilities(actor, post, question, is_answered_by_others=is_answered, talk_votes=votes)


class _Switches(TypedDict):
    asks_before_vote: bool
    takes_votes: bool
    can_save: bool


def _switches(post: PageRow, *, asks: bool) -> _Switches:
    """What the settings of the board and of the site allow with a post."""
    votes = takes_votes(post.kind, talk_votes=setting("TALK_VOTES"))
    return {"asks_before_vote": asks, "takes_votes": votes, "can_save": setting("FEATURE_TODOS")}


def _comments(posts: list[PageRow], expanded_post_id: int) -> tuple[dict[int, int], dict[int, list[Row]]]:
    """The number of comments of each post that shows some of them only, and the comments shown of each post."""
    totals = {post.id: post.comment_count for post in posts if post.comment_count > INITIAL_COMMENT_COUNT}
    totals.pop(expanded_post_id, None)
    comments = comments_of_posts([post.id for post in posts if post.comment_count and post.id not in totals])
    return totals, comments | comments_of_posts(list(totals), first=INITIAL_COMMENT_COUNT)


def _is_answered_by_others(question: PageRow, posts: list[PageRow]) -> bool:
    """As `is_answered_by_others`, without a query where the answers on the page tell."""
    answers = [post for post in posts if post.parent_id == question.id and not post.is_deleted]
    if any(answer.author_id != question.author_id for answer in answers):
        return True
    return len(answers) < question.answer_count and is_answered_by_others(question)


def _printed_columns(shown: PostContext) -> tuple[object, ...]:
    """The columns of a post as a part of the cache key, without a text that is not printed."""
    post = cast(PageRow, shown.post)
    return tuple(post) if shown.whole_url is None else tuple(each for each in post if each is not post.body_html)


def _ages(post: PageRow) -> tuple[str, str]:
    """The relative times of writing and editing, as shown."""
    return ago(post.created_at, now()), ago(post.edited_at, now()) if post.edited_at else ""


def main_fragment(
    post: PageRow, pieces: list[Markup], *, sort: str, page: Page, originals: list[Row], can_moderate: bool
) -> Markup:
    """The page of a post above the answer form, assembled from the fragments of its posts."""
    reason = close_reason(post.close_reason) if post.is_closed and post.close_reason else None
    pager = render_macro("components/pager.html", "pager", page) if page.last > 1 else ""
    original_titles = tuple((row.id, row.title) for row in originals)
    shown = PostPageContext(post, tuple(pieces), sort, pager, can_moderate, reason, original_titles, _ages(post))
    return fragment("posts/main.html", "post_main", shown, key=(tuple(post), *shown[1:]))


def vote_fragment(post: Post, my_vote: int, actor: Actor, question: Post) -> Markup:
    """The vote buttons and score of a post, after the reader voted."""
    allowed = _abilities_here(actor, post, question)
    is_accepted, asks = post.id == question.accepted_answer_id, asks_before_vote(question.board_id)
    shown = PostContext(post, my_vote, allowed, is_accepted, asks_before_vote=asks)
    return fragment("posts/article.html", "votes", shown, key=(post.id, post.kind, post.score, *shown[1:]))
