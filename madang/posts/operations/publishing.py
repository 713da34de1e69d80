"""Writing, editing, deleting and restoring posts."""

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import set_committed_value

from madang.accounts.models import User
from madang.accounts.operations.staff_actions import note_deed, note_deed_with
from madang.boards.models import Board
from madang.boards.operations.counting import count_post, count_unanswered
from madang.core.actor import Actor
from madang.core.db import add_to, db, lock
from madang.core.errors import Conflict, require
from madang.core.events import emit
from madang.core.i18n import _, number
from madang.core.once import fingerprints, insert_once
from madang.core.text import clean_line
from madang.tags.operations.tagging import find_or_make_tags, set_post_tags

from ..events import AnswerPosted, PostDeleted, PostEdited, PostPublished, PostRestored
from ..models import DELETED, KIND_ON_BOARD, SUMMARY_MAX, VISIBLE, Post, Revision
from ..policies import (
    EDITED_BY_TRUSTED,
    EDITS_OTHERS_FROM,
    can_answer,
    can_delete_post,
    can_edit_post,
    can_moderate,
    can_post_on,
)
from .accepting import take_mark_away
from .checks import check_words, require_picture
from .rendering import cover_of, has_picture, render_body, set_body, set_cover

_POSTS = Post.__table__.c
_ONE = update(Post.__table__).where(_POSTS.id == bindparam("post"))  # type: ignore[arg-type]
_TOUCHED = _ONE.values(last_activity_at=bindparam("now"))
_ANSWERED = _TOUCHED.values(answer_count=_POSTS.answer_count + bindparam("by", type_=_POSTS.answer_count.type))


def publish_post(board: Board, *, actor: Actor, title: str, body: str, tags: str, now: datetime) -> Post:
    """Write a post of the board's kind. The same words again within minutes are the same post.

    Raises `InvalidInput` (title, body, tags) and `Forbidden`.
    """
    require_writer(board, actor)
    kind = KIND_ON_BOARD[board.kind]
    title, body, names = check_words(kind, title=title, body=body, tags=tags)
    html = render_body(body)  # before the first write: SQLite has one writer, and it takes a while
    require_picture(kind, html)
    cover = cover_of(kind, html)
    lock(board)  # it is counted on later; MariaDB lets two who only share it until then run into each other
    found = find_or_make_tags(names, now)
    post = Post(
        board_id=board.id,
        kind=kind,
        state=VISIBLE,
        author_id=actor.id,
        title=title,
        tag_names=" ".join(tag.name for tag in found),
        created_at=now,
        last_activity_at=now,
    )
    set_body(post, body, html)
    set_cover(post, cover)
    post, is_new = insert_once(post, fingerprints(board.id, title, body, now=now))
    if is_new:
        count_visible(post, 1)
        set_post_tags(post.id, found, post_created_at=now)
        emit(PostPublished(post.id, actor.id))
    return post


def require_writer(board: Board, actor: Actor) -> None:
    """Refuse who may not write on `board`, and say why."""
    who = _("Only moderators write on this board.")
    sentence = _("This board is archived and takes no new posts.") if board.is_archived else who
    require(can_post_on(actor, board.kind, is_archived=board.is_archived), _refusal(actor, sentence))


def post_answer(question: Post, *, actor: Actor, body: str, now: datetime) -> Post:
    """Answer a question. Raises `InvalidInput` (body) and `Forbidden`."""
    require_open(question, actor)
    _title, body, _names = check_words("answer", title="", body=body, tags="")
    answer = Post(
        board_id=question.board_id,
        parent_id=question.id,
        kind="answer",
        state=VISIBLE,
        author_id=actor.id,
        created_at=now,
        last_activity_at=now,
        locked_at=question.locked_at,
    )
    set_body(answer, body, render_body(body))
    lock(question)
    require_open(question, actor)
    answer, is_new = insert_once(answer, fingerprints(question.id, body, now=now))
    if is_new:
        count_visible(answer, 1, now=now)
        emit(AnswerPosted(answer.id, question.id, actor.id))
    return answer


def require_open(question: Post, actor: Actor) -> None:
    """Refuse who may not answer `question`, and say why."""
    is_open = question.is_question and can_answer(actor, question)
    require(is_open, _refusal(actor, _("This question takes no more answers.")))


def edit_post(
    post: Post,
    *,
    actor: Actor,
    body: str,
    version: int,
    now: datetime,
    title: str = "",
    tags: str = "",
    summary: str = "",
) -> None:
    """Give a post new words and keep the old ones as a revision.

    `version` is the one that the editor began with. Raises `Conflict` if somebody saved another meanwhile,
    `InvalidInput` and `Forbidden`.
    """
    require_editor(post, actor)
    title, body, names = check_words(post.kind, title=title, body=body, tags=tags)
    html = render_body(body)
    if has_picture(post.body_html):  # one that was moved here may never have had any
        require_picture(post.kind, html)
    cover = cover_of(post.kind, html)
    lock(post)
    require_editor(post, actor)
    _require_version(post, version)
    if (title, body, " ".join(names)) == (post.title, post.body, post.tag_names):
        return
    if post.version == 1:
        _keep_revision(post, number=1, author_id=post.author_id, summary="", now=post.created_at)
    found = find_or_make_tags(names, now)
    post.title, post.tag_names = title, " ".join(tag.name for tag in found)
    set_body(post, body, html)
    set_cover(post, cover)
    post.version += 1
    post.edited_at, post.editor_id, post.last_activity_at = now, actor.id, now
    db.session.flush()
    _keep_revision(post, number=post.version, author_id=actor.id, summary=clean_line(summary)[:SUMMARY_MAX], now=now)
    if not post.is_answer:
        set_post_tags(post.id, found, post_created_at=post.created_at)
    _tell_of_edit(post, actor, summary)


def _tell_of_edit(post: Post, actor: Actor, summary: str) -> None:
    emit(PostEdited(post.id, actor.id))
    reason = clean_line(summary)[:SUMMARY_MAX]
    note_deed_with(post.author_id, "edit_post", "post", post.id, actor=actor, reason=reason)


def require_editor(post: Post, actor: Actor) -> None:
    """Refuse who may not edit `post`, and say who may."""
    if post.is_locked:
        who = _("This is locked: only moderators can edit it.")
    elif post.kind in EDITED_BY_TRUSTED:
        who = _(
            "Only its author, moderators and members with %(count)s reputation or more can edit this.",
            count=number(EDITS_OTHERS_FROM),
        )
    else:
        who = _("Only its author and moderators can edit this.")
    require(can_edit_post(actor, post), _refusal(actor, who))


def _require_version(post: Post, version: int) -> None:
    if post.version != version:
        raise Conflict(
            _(
                "Somebody saved another text while you were writing. Theirs is shown first, yours below it. "
                "Please bring them together."
            )
        )


def revert_post(post: Post, revision: Revision, *, actor: Actor, now: datetime) -> None:
    """Give a post the words of an earlier revision; that is an edit of its own, so it can be undone too."""
    edit_post(
        post,
        actor=actor,
        title=revision.title,
        body=revision.body,
        tags=revision.tag_names,
        version=post.version,
        summary=_("Back to revision %(number)s", number=revision.number),
        now=now,
    )


def delete_post(post: Post, *, actor: Actor, now: datetime) -> None:
    """Take a post away; staff can restore it. Raises `Forbidden`, `Conflict` for a question that has answers."""
    _require_deleter(post, actor)
    _lock_thread(post)
    if post.is_deleted:
        return
    _require_deleter(post, actor)
    _take_away(post, actor, now)
    note_deed_with(post.author_id, "delete_post", "post", post.id, actor=actor)


def hide_post(post: Post, *, actor: Actor, now: datetime) -> None:
    """Take a post away that goes with its author's account; that deed of staff is noted as a whole."""
    require(can_moderate(actor), _("Only moderators can do this."))
    _lock_thread(post)
    if not post.is_deleted:
        _take_away(post, actor, now)


def _take_away(post: Post, actor: Actor, now: datetime) -> None:
    if post.is_answer:
        _unmark(post, actor)
    post.state, post.deleted_at, post.deleted_by_id, post.fingerprint = DELETED, now, actor.id, None
    db.session.flush()
    if not post.is_answer:
        set_post_tags(post.id, [], post_created_at=post.created_at)
    count_visible(post, -1)
    emit(PostDeleted(post.id, actor.id))


def _require_deleter(post: Post, actor: Actor) -> None:
    if actor.id == post.author_id and post.is_question and post.answer_count and not actor.is_staff:
        raise Conflict(_("Others have answered this question, so it stays. You can edit it, or ask a moderator."))
    require(can_delete_post(actor, post), _refusal(actor, _("Only its author and moderators can delete this.")))


def _lock_thread(post: Post) -> None:
    """Hold a post, then the question that it answers: in this order everywhere, so that no two wait for each other."""
    lock(post)
    if post.parent_id is not None:
        lock(db.session.get_one(Post, post.parent_id))


def _unmark(answer: Post, actor: Actor) -> None:
    question = db.session.get_one(Post, answer.parent_id)
    if question.accepted_answer_id == answer.id:
        take_mark_away(question, actor_id=actor.id)


def restore_post(post: Post, *, actor: Actor, now: datetime) -> None:
    """Bring a deleted post back. Raises `Forbidden`."""
    require(can_moderate(actor), _("Only moderators can restore what was deleted."))
    _lock_thread(post)
    if not post.is_deleted:
        return
    post.state, post.deleted_at, post.deleted_by_id = VISIBLE, None, None
    db.session.flush()
    if not post.is_answer:
        _tag_anew(post, now)
    count_visible(post, 1)
    emit(PostRestored(post.id, actor.id))
    note_deed("restore_post", "post", post.id, actor=actor)


def _tag_anew(post: Post, now: datetime) -> None:
    """Its tags may have other names by now."""
    found = find_or_make_tags(post.tags, now)
    post.tag_names = " ".join(tag.name for tag in found)
    db.session.flush()
    set_post_tags(post.id, found, post_created_at=post.created_at)


def touch(post_id: int, now: datetime) -> None:
    """Something happened under a post: it goes up among the active ones."""
    db.write(_TOUCHED, {"post": post_id, "now": now})


def count_visible(post: Post, by: int, *, now: datetime | None = None) -> None:
    """A post came into sight (+1) or went out of it (-1): every counter that knows of it follows.

    Whoever calls holds the question of an answer; `now` is given where it goes up among the active ones.
    """
    if post.author_id is not None and post.kind in ("question", "answer"):
        add_to(User, post.author_id, **{f"{post.kind}_count": by})
    if post.is_answer:
        _count_answer(post, by, now)
    else:
        count_post(post.board_id, post.created_at, by)
        if post.is_question and post.answer_count == 0:
            count_unanswered(post.board_id, by)


def _count_answer(answer: Post, by: int, now: datetime | None) -> None:
    question = db.session.get_one(Post, answer.parent_id)
    active_at = now or question.last_activity_at
    db.write(_ANSWERED, {"post": question.id, "by": by, "now": active_at})
    set_committed_value(question, "answer_count", question.answer_count + by)
    set_committed_value(question, "last_activity_at", active_at)
    if question.is_deleted:
        return
    if by > 0 and question.answer_count == 1:
        count_unanswered(question.board_id, -1)
    elif by < 0 and question.answer_count == 0:
        count_unanswered(question.board_id, 1)


def _keep_revision(post: Post, *, number: int, author_id: int | None, summary: str, now: datetime) -> None:
    db.session.add(
        Revision(
            post_id=post.id,
            number=number,
            author_id=author_id,
            title=post.title,
            body=post.body,
            tag_names=post.tag_names,
            summary=summary,
            created_at=now,
        )
    )
    db.session.flush()


def _refusal(actor: Actor, otherwise: str) -> str:
    """Why an actor may not write: suspension is said as such."""
    if actor.is_suspended:
        return _("Your account is suspended at present; you can read, but not write.")
    return otherwise
