"""Fills an empty site with the content, by the operations that people use."""

from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw
from sqlalchemy import select

from madang.accounts.models import User
from madang.accounts.operations import sign_up
from madang.accounts.queries import actor_of
from madang.admin.setup import open_site
from madang.boards.operations import make_board
from madang.boards.queries import get_board
from madang.comments.models import Comment
from madang.comments.operations import post_comment
from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.i18n import speaking
from madang.core.site import set_site
from madang.posts.accepting import accept_answer
from madang.posts.attaching import attach_picture
from madang.posts.models import Post as Written
from madang.posts.moderating import close_question, lock_post, pin_post
from madang.posts.operations import delete_post, edit_post, post_answer, publish_post
from madang.posts.viewing import view_counter
from madang.votes.operations import vote_on_comment, vote_on_post
from tests.cast import PASSWORD

from .content import MODERATOR, PEOPLE, POSTS, ROLES, STATES, Answer, Post

Places = dict[str, int]
Comments = tuple[tuple[str, str], ...]


class Filling:
    """One filling of a site; `places` are the numbers of what the tests look for."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.people: dict[str, User] = {}
        self.places: Places = {}

    def fill(self, *, with_states: bool) -> Places:
        with speaking("ko"):
            open_site(name="마당", locale="ko", now=self.moment)
            set_site(description="묻고, 답하고, 이야기하는 동네 마당이에요.")
            make_board(slug="pictures", kind="gallery", name="사진첩", position=3, now=self.moment)
            self.people = {name: self._join(name, shown) for name, shown in PEOPLE.items()}
            for post in (*POSTS, *STATES) if with_states else POSTS:
                self._publish(post)
            if with_states:
                self._change_states()
        return self.places

    def actor(self, name: str) -> Actor:
        return actor_of(self.people[name])

    def _join(self, username: str, shown: str) -> User:
        user = sign_up(
            username=username,
            email=f"person{len(self.people)}@example.org",
            password=PASSWORD,
            password2=PASSWORD,
            role=ROLES.get(username, "member"),
            now=self.moment - timedelta(days=90),
        )
        user.display_name = shown
        self.people[username] = user
        return user

    def _publish(self, post: Post) -> None:
        moment = self.moment - timedelta(minutes=post.minutes)
        author = self.actor(post.author)
        body = post.body
        if "사진" in body:
            body += f"\n\n![잎]({attach_picture(leaf(), actor=author, now=moment).url})"
        written = publish_post(
            get_board(post.board), actor=author, title=post.title, body=body, tags=post.tags, now=moment
        )
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
        self.places["comment"], self.places["my_comment"], _last = db.session.scalars(comments)

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


def fill_site(*, with_states: bool = True) -> Places:
    """Fill the database of the present application, which is empty: `with_states` also with what is hard to show."""
    with transaction():
        places = Filling(now()).fill(with_states=with_states)
    view_counter.flush()
    return places
