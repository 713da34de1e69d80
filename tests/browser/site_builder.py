"""Fill an empty site with the content of `tests/browser/content.py`, by the operations of the application."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw
from sqlalchemy import select

from madang.accounts.models import User
from madang.accounts.operations.signed_links import email_token, password_token
from madang.accounts.operations.signing_up import sign_up
from madang.accounts.queries.actors import actor_of
from madang.admin.operations.setup import open_site
from madang.boards.operations.counting import insert_board
from madang.boards.queries import get_board
from madang.comments.models import Comment
from madang.comments.operations.writing import post_comment
from madang.core.actor import COMMAND_LINE, Actor
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.i18n import use_locale
from madang.core.queue import Job, run_due
from madang.core.site import set_site
from madang.following.operations.following import follow
from madang.posts.jobs.view_counts import view_counter
from madang.posts.models import Post as Written
from madang.posts.operations.accepting import accept_answer
from madang.posts.operations.answering import post_answer
from madang.posts.operations.deleting import delete_post
from madang.posts.operations.editing import edit_post
from madang.posts.operations.moderating import close_question, lock_post, move_post, pin_post
from madang.posts.operations.pictures import attach_picture
from madang.posts.operations.publishing import publish_post
from madang.tags.queries.tags import get_tag
from madang.todos.operations.lists import make_list
from madang.todos.operations.saving import Link, save_for_later
from madang.todos.operations.todos import TodoInput, add_todo, complete_todo
from madang.todos.queries.todos import POST
from madang.tools.operations.counting import count_words
from madang.votes.operations.voting import vote_on_comment, vote_on_post
from tests.browser.content import MEMBER, MODERATOR, PEOPLE, POSTS, ROLES, STATES, Answer, Post
from tests.browser.draft_content import save_drafts
from tests.browser.flag_content import add_flags
from tests.browser.group_content import add_groups
from tests.browser.message_content import write_messages
from tests.browser.notification_content import add_notifications, backdate_notifications
from tests.browser.poll_content import add_polls
from tests.browser.staff_content import administer
from tests.people import PASSWORD

Places = dict[str, Any]
Comments = tuple[tuple[str, str], ...]


class SiteBuilder:
    """Builds the content of a site; `places` collects the ids that the tests need."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.people: dict[str, User] = {}
        self.places: Places = {}

    def fill(self, *, with_states: bool) -> Places:
        with use_locale("ko"):
            open_site(name="마당", locale="ko", now=self.moment)
            set_site(description="묻고, 답하고, 이야기하는 동네 마당이에요.")
            insert_board(slug="album", kind="gallery", name={"ko": "사진첩", "en": "Album"}, now=self.moment)
            if with_states:
                insert_board(slug="pictures", kind="gallery", name={"ko": "그림", "en": "Pictures"}, now=self.moment)
            self.people = {name: self._join(name, display_name) for name, display_name in PEOPLE.items()}
            for post in (*POSTS, *STATES) if with_states else POSTS:
                self._publish(post)
            self.places |= write_messages(self.actor, self.moment, with_states=with_states)
            if with_states:
                self._change_states()
                self._add_todos()
                self._follow()
                self._make_jobs()
                self.places |= add_polls(self.actor, self.moment)
                save_drafts(self.actor(MODERATOR), self.places, self.moment)
                self._sign_links()
                add_flags(self.actor, self.places, self.moment)
                self.places |= add_groups(self.actor, self.people, self.moment)
                self.places |= administer(self.actor, self.people, self.moment)
        return self.places

    def actor(self, name: str) -> Actor:
        return actor_of(self.people[name])

    def actor_now(self, name: str) -> Actor:
        """The actor of a person, read from the database in the present transaction."""
        return actor_of(db.session.scalars(select(User).where(User.username == name)).one())

    def _join(self, username: str, display_name: str) -> User:
        user = sign_up(
            username=username,
            email=f"person{len(self.people)}@example.org",
            password=PASSWORD,
            password2=PASSWORD,
            role=ROLES.get(username, "member"),
            now=self.moment - timedelta(days=90),
        )
        user.display_name = display_name
        self.people[username] = user
        return user

    def _publish(self, post: Post) -> None:
        moment = self.moment - timedelta(minutes=post.minutes)
        author = self.actor(post.author)
        body = post.body
        if "사진처럼" in body:
            body += f"\n\n![잎]({attach_picture(leaf(), actor=author, now=moment).url})"
        if post.picture:
            body += f"\n\n![]({attach_picture(landscape(*post.picture), actor=author, now=moment).url})"
        board = get_board(post.board, COMMAND_LINE)
        is_moved = board.kind == "gallery" and not post.picture
        first = get_board("talk", COMMAND_LINE) if is_moved else board
        written = publish_post(first, actor=author, title=post.title, body=body, tags=post.tags, now=moment)
        if is_moved:
            move_post(written, board, actor=self.actor(MODERATOR))
        self._vote(written, post.votes, post.author)
        self._comment(written, post.comments, moment)
        for number, answer in enumerate(post.answers):
            self._answer(written, answer, moment + timedelta(minutes=post.minutes / 40 * (number + 1)))
        for reader in range(post.views):
            view_counter.count(written.id, f"reader {reader}")
        if post.name:
            self.places[post.name] = written.id

    def _answer(self, question: Written, answer: Answer, moment: datetime) -> None:
        written = post_answer(question, actor=self.actor(answer.author), body=answer.body, now=moment)
        self._vote(written, answer.votes, answer.author)
        self._comment(written, answer.comments, moment)
        if answer.is_accepted:
            accept_answer(written, actor=actor_of(db.session.get_one(User, question.author_id)), now=moment)

    def _vote(self, post: Written, votes: int, author: str) -> None:
        for name in [name for name in self.people if name != author][:votes]:
            vote_on_post(post, 1, actor=self.actor(name), now=self.moment)

    def _comment(self, post: Written, comments: Comments, moment: datetime) -> None:
        parent: Comment | None = None
        for number, (author, words) in enumerate(comments):
            is_reply = words.startswith("> ")
            written = post_comment(
                post,
                actor=self.actor(author),
                body=words.removeprefix("> "),
                parent=parent if is_reply else None,
                now=moment + timedelta(seconds=40 * number + 30),
            )
            parent = parent if is_reply else written
            if number == 0 and author != "mina":
                vote_on_comment(written, 1, actor=self.actor("mina"), now=self.moment)

    def _change_states(self) -> None:
        staff = self.actor(MODERATOR)
        post = {name: db.session.get_one(Written, number) for name, number in self.places.items()}
        pin_post(post["notice"], actor=staff, now=self.moment)
        lock_post(post["locked"], actor=staff, now=self.moment)
        delete_post(post["deleted"], actor=staff, now=self.moment)
        close_question(post["closed"], reason="duplicate", duplicate_of=post["question"], actor=staff, now=self.moment)
        self._edit(post["edited"])
        answers = select(Written).where(Written.parent_id == post["question"].id).order_by(Written.id)
        self.places["accepted"], self.places["answer"], last = (one.id for one in db.session.scalars(answers))
        delete_post(db.session.get_one(Written, last), actor=staff, now=self.moment)
        self.places["deleted_answer"] = last
        comments = select(Comment.id).where(Comment.post_id == post["question"].id).order_by(Comment.id)
        self.places["comment"], self.places["reply"], self.places["last_comment"] = db.session.scalars(comments)

    def _sign_links(self) -> None:
        """The tokens of links in mails: a new password, an address to confirm, an address that is confirmed."""
        mina, june = self.people["mina"], self.people["june"]
        june.email_confirmed_at = self.moment
        self.places["password_link"] = password_token(mina)
        self.places["email_link"] = email_token(mina, mina.email or "")
        self.places["used_email_link"] = email_token(june, june.email or "")

    def _follow(self) -> None:
        """Several people follow each other; the member follows subjects of each kind."""
        namu = self.people[MEMBER]
        for name in ("haneul", "june", "mina", "w" * 30, "aiko"):
            follow(namu, actor=self.actor(name), now=self.moment)
        unanswered = db.session.get_one(Written, self.places["unanswered"])
        subjects = (
            *(self.people[name] for name in ("haneul", "june", "noor", "w" * 30)),
            *(get_tag(name, COMMAND_LINE) for name in ("postgresql", "배포")),
            *(get_board(slug, COMMAND_LINE) for slug in ("talk", "album")),
            unanswered,
        )
        for subject in subjects:
            follow(subject, actor=self.actor(MEMBER), now=self.moment)

    def _add_todos(self) -> None:
        """To-dos that are overdue, due today, later and without a date, on two lists, and a post saved for later."""
        actor, today = self.actor(MEMBER), self.moment.astimezone(ZoneInfo("Asia/Seoul"))
        mine, moving = (make_list(name, actor=actor, now=self.moment) for name in ("할 일", "이사 준비"))
        for todo_list, days, title, note in (
            (mine, -2, "도서관 책 돌려주기", ""),
            (moving, 0, "이삿짐센터에 전화하기", "사다리차가 되는지, 주차 자리가 있는지 물어보기"),
            (mine, 0, "텃밭에 물 주기", ""),
            (moving, 9, "전입신고", ""),
            (mine, None, "w" * 120, ""),
            (mine, None, "사진 정리하기", ""),
        ):
            day = (today + timedelta(days=days)).date().isoformat() if days is not None else ""
            remind_at = f"{day}T09:00" if days == 9 else ""
            wish = TodoInput(title, note, day, "15:00" if days == 9 else "", remind_at)
            todo = add_todo(todo_list, wish, actor=actor, zone="Asia/Seoul", now=self.moment)
        question = db.session.get_one(Written, self.places["closed"])
        save_for_later(Link(POST, question.id, f"/posts/{question.id}", question.title), actor=actor, now=self.moment)
        complete_todo(add_todo(mine, TodoInput("빵 굽기"), actor=actor, zone="UTC", now=self.moment), now=self.moment)
        self.places |= {"todo": todo.id, "todo_list": moving.id}

    def _make_jobs(self) -> None:
        """Jobs of a member, one in each state; no worker runs the running one."""
        text = "마당에 나무가 있고 나무 아래 마당에 사람들이 있어요. A yard is a yard. " * 40
        ended, tomorrow = {"finished_at": self.moment, "attempts": 1}, self.moment + timedelta(days=1)
        refusal = {
            "error_code": "not_fetched",
            "error_words": "이 주소에 있는 것은 글 페이지가 아니라 image/png이에요.",
        }
        rows: dict[str, dict[str, Any]] = {
            "job_done": {"state": "done", "result": count_words(text), "arguments": {"text": text}, **ended},
            "job_failed": {"state": "failed", **refusal, **ended},
            "job_cancelled": {"state": "cancelled", **ended},
            "job_waiting": {"failures": 1, "run_at": tomorrow},
            "job_of_june": {"failures": 1, "run_at": tomorrow, "owner_id": self.people["june"].id},
            "job_live_ko": {"failures": 1, "run_at": tomorrow, "owner_id": self.people["aiko"].id},
            "job_live_en": {"failures": 1, "run_at": tomorrow, "owner_id": self.people["aiko"].id},
            "job_running": {"state": "running", "progress": 40, "lease_until": tomorrow, "worker": "elsewhere"},
        }
        for name, values in rows.items():
            common = {"arguments": {"url": f"https://example.org/{'long-' * 12}"}, "run_at": self.moment}
            owner_id = self.people[MEMBER].id
            job = Job(
                **{"name": "tools.count_words", "created_at": self.moment, "owner_id": owner_id, **common, **values}
            )
            db.session.add(job)
            db.session.flush()
            self.places[name] = job.id

    def _edit(self, post: Written) -> None:
        edits = (
            ("표 안에 세로줄을 쓰면 칸이 나뉩니다.\n\n역슬래시를 붙이면 됩니다.", "답을 찾아서 적었어요"),
            ("표 안에 세로줄을 쓰면 칸이 나뉘어요.\n\n역슬래시를 붙이면 됩니다.\n\n`a \\| b`", ""),
        )
        for body, summary in edits:
            edit_post(
                post,
                actor=self.actor("namu"),
                title=post.title.replace("어떻게 쓰나요?", "어떻게 적나요?"),
                body=body,
                tags="markdown, 표",
                summary=summary,
                version=post.version,
                now=self.moment,
            )


def leaf() -> BytesIO:
    """A picture of a leaf that is turning yellow."""
    image = Image.new("RGB", (960, 480), "#dfe7d2")
    draw = ImageDraw.Draw(image)
    for step in range(60):
        shade = (120 + step * 2, 160 + step, 60)
        draw.ellipse((160 + step * 4, 60 + step * 3, 800 - step * 4, 420 - step * 3), fill=shade)
    draw.line((140, 400, 820, 90), fill="#3f6b35", width=10)
    stream = BytesIO()
    image.save(stream, "JPEG", quality=80)
    stream.seek(0)
    return stream


def landscape(width: int, height: int) -> BytesIO:
    """A picture of hills below a sky, in colours that depend on its size."""
    warm = width * height % 90
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for line in range(height):
        share = line / height
        draw.line((0, line, width, line), fill=(int(90 + warm + 70 * share), int(120 + 60 * share), 190 - warm))
    for hill in range(4):
        top = height * (0.5 + 0.12 * hill)
        shade = (40 + 12 * hill, 80 - 10 * hill + warm // 3, 60)
        draw.ellipse((width * (0.35 * hill - 0.6), top, width * (0.35 * hill + 0.9), top + height), fill=shade)
    stream = BytesIO()
    image.save(stream, "JPEG", quality=80)
    stream.seek(0)
    return stream


def fill_site(*, with_states: bool = True) -> Places:
    """Fill the empty database of the present application; `with_states` adds content that is hard to display."""
    builder = SiteBuilder(now())
    with transaction():
        places = builder.fill(with_states=with_states)
    run_due()  # sends the notifications
    if with_states:
        with transaction():
            places["unsubscribe"] = add_notifications(builder.actor_now, places, builder.moment)
        with transaction():
            backdate_notifications(builder.actor_now(MEMBER), builder.moment)
    view_counter.flush()
    return places
