"""The lists of a profile: what a person wrote, and the votes on it."""

from datetime import datetime

from markupsafe import Markup
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from madang.boards.queries import hidden_board_ids
from madang.comments.models import COMMENT_VISIBLE, Comment
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.ordering import Key, Keyset
from madang.core.db.pagination import Page
from madang.core.i18n import _, number
from madang.core.markdown.sanitizer import excerpt
from madang.core.settings import setting
from madang.core.web.pagination import list_page
from madang.following.fragments import shows_following
from madang.following.models import PERSON
from madang.posts.fragments.lists import row_fragments
from madang.posts.models import VISIBLE, Post
from madang.posts.queries.listing import POST_ROW_COLUMNS
from madang.posts.queries.visibility import on_visible_boards
from madang.votes.models import CommentVote, PostVote

from ..models import User

OTHER_KINDS = ("talk", "notice", "gallery")
KINDS_OF_TABS = {"questions": ("question",), "answers": ("answer",), "posts": OTHER_KINDS}
COMMENT_EXCERPT = 200
NEWEST_COMMENTS = Keyset(Comment.created_at.desc(), Comment.id.desc())
Question = aliased(Post)


def follow_state(user: User, actor: Actor) -> bool | None:
    """Whether the actor follows the person; None for an actor who must log in first."""
    return shows_following(actor, PERSON, user.id)


def profile_list(user: User, tab: str, actor: Actor) -> dict[str, object]:
    """The template context of a profile's tab: the requested page of the list, or the vote counts."""
    if tab == "votes":
        return {"votes": _vote_lines(votes_received(user.id, actor))}
    page = list_page(_total(user, tab, actor), setting("POSTS_PER_PAGE"))
    return {"page": page, "rows": _rows(user.id, tab, actor, page)}


def _total(user: User, tab: str, actor: Actor) -> int:
    """How much of the person's content of a tab the actor may see."""
    totals = {"questions": user.question_count, "answers": user.answer_count, "comments": user.comment_count}
    if tab in totals and not hidden_board_ids(actor):
        return totals[tab]
    if tab == "comments":
        counted = _comments_by(user.id, actor).with_only_columns(func.count())
    else:
        counted = _visible_posts_by(select(func.count()).select_from(Post), user.id, KINDS_OF_TABS[tab], actor)
    return db.session.scalar(counted) or 0


def _vote_lines(votes: dict[str, tuple[int, int]]) -> list[dict[str, str]]:
    """The rows of the table of votes received, with translated titles."""
    titles = {
        "question": _("Questions"),
        "answer": _("Answers"),
        "talk": _("Talk"),
        "notice": _("Notices"),
        "gallery": _("Pictures"),
        "comment": _("Comments"),
    }
    return [
        {"kind": title, "up": number(votes[kind][0]), "down": number(votes[kind][1])}
        for kind, title in titles.items()
        if kind in votes
    ]


def _rows(user_id: int, tab: str, actor: Actor, page: Page) -> list[Row] | list[tuple[Row, str]] | Markup:
    if tab == "answers":
        return answer_rows(user_id, actor, page)
    if tab == "comments":
        return comment_rows(user_id, actor, page)
    return row_fragments(post_rows(user_id, KINDS_OF_TABS[tab], actor, page))


def post_rows(user_id: int, kinds: tuple[str, ...], actor: Actor, page: Page) -> list[Row]:
    """A person's posts of these kinds, as rows of a list, newest first."""
    posts = _visible_posts_by(select(*POST_ROW_COLUMNS), user_id, kinds, actor).outerjoin(
        User, User.id == Post.author_id
    )
    return _page_of(posts, Post.created_at, Post.id, page)


def answer_rows(user_id: int, actor: Actor, page: Page) -> list[Row]:
    """A person's answers with the titles of their questions, newest first."""
    columns = (Post.id, Post.score, Post.excerpt, Post.created_at, Question.title)
    is_accepted = (Question.accepted_answer_id == Post.id).label("is_accepted")
    answers = _visible_posts_by(select(*columns, is_accepted), user_id, ("answer",), actor).join(
        Question, Question.id == Post.parent_id
    )
    return _page_of(answers.where(Question.state == VISIBLE), Post.created_at, Post.id, page)


def comment_rows(user_id: int, actor: Actor, page: Page) -> list[tuple[Row, str]]:
    """A person's comments with the titles of their pages, newest first. Returns pairs of a row and a plain excerpt."""
    rows = _page_of(_comments_by(user_id, actor), Comment.created_at, Comment.id, page)
    return [(row, excerpt(row.body_html, COMMENT_EXCERPT)) for row in rows]


def comments_by(user_id: int, actor: Actor, after: Key | None, limit: int) -> list[Row]:
    """The next `limit` comments of a person after a key of `NEWEST_COMMENTS`."""
    return list(db.rows(NEWEST_COMMENTS.select_after(_comments_by(user_id, actor), after, limit)))


def _comments_by(user_id: int, actor: Actor) -> Select:
    title = func.coalesce(Question.title, Post.title).label("title")
    columns = (Comment.id, Comment.post_id, Comment.score, Comment.body_html, Comment.created_at, Post.kind, title)
    comments = (
        select(*columns)
        .join(Post, Post.id == Comment.post_id)
        .outerjoin(Question, Question.id == Post.parent_id)
        .where(Comment.author_id == user_id, Comment.state == COMMENT_VISIBLE, Post.state == VISIBLE)
        .where(func.coalesce(Question.state, VISIBLE) == VISIBLE)
    )
    return on_visible_boards(comments, actor)


def _visible_posts_by(posts: Select, user_id: int, kinds: tuple[str, ...], actor: Actor) -> Select:
    visible = posts.where(Post.author_id == user_id, Post.kind.in_(kinds), Post.state == VISIBLE)
    return on_visible_boards(visible, actor)


def _page_of(
    rows: Select, created_at: InstrumentedAttribute[datetime], row_id: InstrumentedAttribute[int], page: Page
) -> list[Row]:
    newest = rows.order_by(created_at.desc(), row_id.desc()).limit(page.size).offset(page.offset)
    return list(db.session.execute(newest).all())


def votes_received(user_id: int, actor: Actor) -> dict[str, tuple[int, int]]:
    """Votes on what a person wrote and the actor may see: kind of post, or `comment` -> (up, down).

    Includes imported votes.
    """
    up, down = func.sum(Post.imported_up), func.sum(Post.imported_down)
    kinds = ("question", "answer", *OTHER_KINDS)
    posts = _visible_posts_by(select(Post.kind, up, down), user_id, kinds, actor).group_by(Post.kind)
    totals = {kind: [int(ups), int(downs)] for kind, ups, downs in db.session.execute(posts)}
    for kind, value, count in db.session.execute(_post_votes(user_id, kinds, actor)):
        totals[kind][0 if value > 0 else 1] += count
    return {kind: (ups, downs) for kind, (ups, downs) in totals.items()} | {
        "comment": (_comment_votes(user_id, actor), 0)
    }


def _post_votes(user_id: int, kinds: tuple[str, ...], actor: Actor) -> Select:
    votes = select(Post.kind, PostVote.value, func.count()).join(Post, Post.id == PostVote.post_id)
    return _visible_posts_by(votes, user_id, kinds, actor).group_by(Post.kind, PostVote.value)


def _comment_votes(user_id: int, actor: Actor) -> int:
    is_theirs = (Comment.author_id == user_id) & (Comment.state == COMMENT_VISIBLE)
    imported = select(func.sum(Comment.imported_up)).join(Post, Post.id == Comment.post_id)
    votes = (
        select(func.count())
        .select_from(CommentVote)
        .join(Comment, Comment.id == CommentVote.comment_id)
        .join(Post, Post.id == Comment.post_id)
    )
    sums = (db.session.scalar(on_visible_boards(each.where(is_theirs), actor)) for each in (imported, votes))
    return sum(int(each or 0) for each in sums)
