"""Background jobs of administration: remove an account's content, clear or render a board, check the installation."""

from datetime import timedelta

from madang.accounts.models import User
from madang.accounts.policies.accounts import require_administrator
from madang.accounts.queries.actors import actor_of
from madang.boards.models import Board
from madang.comments.operations.rerendering import render_next_comments
from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.i18n import LOCALES, _, use_locale
from madang.core.queue import checkpoint, job, progress, scheduled
from madang.core.queue.functions import JsonObject
from madang.core.settings import settings
from madang.posts.operations.clearing_boards import delete_board, move_next_posts
from madang.posts.operations.rerendering import render_next_posts
from madang.search.operations.indexing import index_comments, index_posts

from .operations.content_removal import content_counts, remove_next_content
from .operations.installation_checks import all_findings
from .queries import CHECK_JOB, is_check_running

MOVE_BATCH_SIZE = 50
RENDER_BATCH_SIZE = 50


def _actor(user_id: int) -> Actor:
    return actor_of(db.session.get_one(User, user_id))


@job("admin.remove_content", title=lambda: _("Delete everything someone wrote"))
def remove_content(user_id: int, actor_id: int) -> None:
    """Delete the posts and comments of a deleted account and retract its votes, in many transactions."""
    total, removed = sum(content_counts(user_id).values()), 0
    while True:
        with transaction():
            count = remove_next_content(user_id, actor=_actor(actor_id), now=now())
        removed += count
        progress(100 * removed / max(total, removed, 1))
        if not count:
            return


@job("admin.clear_board", title=lambda: _("Move the posts of a board and delete it"))
def clear_board(board_id: int, target_id: int, actor_id: int) -> None:
    """Move all posts of a board to another one, in many transactions; then delete the empty board."""
    total, moved = db.session.get_one(Board, board_id).post_count, 0
    while board := db.session.get(Board, board_id):
        with transaction():
            target = db.session.get_one(Board, target_id)
            count = move_next_posts(board, target, actor=_actor(actor_id), limit=MOVE_BATCH_SIZE)
            if not count:
                delete_board(board, actor=_actor(actor_id))
                return
        moved += count
        progress(100 * moved / max(total, moved, 1))


@job("admin.render_board")
def render_board(board_id: int, after_post: int = 0, after_comment: int = 0) -> None:
    """Render the posts and comments of a board again as it uses mathematics now, in many transactions."""
    while db.session.get(Board, board_id):
        with transaction():
            posts = render_next_posts(board_id, after_post, RENDER_BATCH_SIZE)
            comments = render_next_comments(board_id, after_comment, RENDER_BATCH_SIZE)
            if not posts and not comments:
                return
            index_posts(posts)
            index_comments(comments)
            after_post, after_comment = max([after_post, *posts]), max([after_comment, *comments])
            checkpoint(0, board_id=board_id, after_post=after_post, after_comment=after_comment)


@scheduled(every=timedelta(hours=6))
@job(CHECK_JOB)
def check_installation() -> JsonObject:
    """Check the installation for `/admin/health`: the findings in each language. It asks other machines."""
    found = {}
    for locale in LOCALES:
        with use_locale(locale):
            found[locale] = [list(finding) for finding in all_findings(settings())]
    return {"findings": found}


def enqueue_check(*, actor: Actor) -> None:
    """Check the installation again, unless a check waits or runs. Raises `Forbidden`."""
    require_administrator(actor)
    if not is_check_running():
        check_installation.enqueue()
