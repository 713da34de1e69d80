"""Every page, in every state that looks different: the list that the tests and the pictures walk through."""

from dataclasses import dataclass

from .content import ADMIN, MEMBER, MODERATOR
from .serving import Site

ASKER, READER = MEMBER, "gaon"
SHORT = {"board": "qa", "title": "Hm", "body": "짧아요", "tags": "a b c d e f g"}


@dataclass(frozen=True)
class Case:
    """A page as somebody sees it. `{names}` in the address are places of the site; `sent` is a form that is posted."""

    name: str
    address: str
    who: str | None = None
    status: int = 200
    sent: dict[str, str] | None = None

    def path(self, site: Site) -> str:
        return self.address.format(**site.places)


CASES = (
    Case("home", "/"),
    Case("home-member", "/", ASKER),
    Case("boards", "/boards"),
    Case("board", "/boards/qa"),
    Case("board-last-page", "/boards/qa?page=2", ASKER),
    Case("board-talk", "/boards/talk", READER),
    Case("board-notice", "/boards/notice"),
    Case("board-empty", "/boards/pictures"),
    Case("board-empty-member", "/boards/pictures", READER),
    Case("questions", "/questions"),
    Case("questions-votes", "/questions?sort=votes", READER),
    Case("questions-unanswered", "/questions?sort=unanswered"),
    Case("questions-tag", "/questions?tag=postgresql"),
    Case("question", "/posts/{question}"),
    Case("question-asker", "/posts/{question}", ASKER),
    Case("question-reader", "/posts/{question}?sort=newest", READER),
    Case("question-moderator", "/posts/{question}", MODERATOR),
    Case("question-unanswered", "/posts/{unanswered}", READER),
    Case("question-long-words", "/posts/{long}", MODERATOR),
    Case("question-many-answers", "/posts/{edited}?page=2"),
    Case("question-closed", "/posts/{closed}", READER),
    Case("question-closed-moderator", "/posts/{closed}", MODERATOR),
    Case("question-locked", "/posts/{locked}", READER),
    Case("question-deleted-moderator", "/posts/{deleted}", MODERATOR),
    Case("talk", "/posts/{talk}", READER),
    Case("notice", "/posts/{notice}"),
    Case("answer-too-short", "/posts/{question}/answers", READER, 422, {"body": "네"}),
    Case("ask", "/questions/ask", READER),
    Case("write", "/posts/new?board=talk", READER),
    Case("write-wrong", "/posts/new", READER, 422, SHORT),
    Case("edit", "/posts/{question}/edit", ASKER),
    Case("edit-answer", "/posts/{answer}/edit", MODERATOR),
    Case(
        "edit-conflict",
        "/posts/{edited}/edit",
        ASKER,
        409,
        {
            "version": "1",
            "title": "Markdown에서 표 안의 세로줄은?",
            "body": "표 안에 세로줄을 쓰면 칸이 나뉩니다.\n\n그래서요.",
        },
    ),
    Case("delete", "/posts/{answer}/delete", MODERATOR),
    Case("revisions", "/posts/{edited}/revisions", ASKER),
    Case("revisions-visitor", "/posts/{edited}/revisions"),
    Case("revisions-none", "/posts/{question}/revisions"),
    Case("comment-edit", "/comments/{my_comment}/edit", ASKER),
    Case("comment-delete", "/comments/{my_comment}/delete", ASKER),
    Case("comment-empty", "/posts/{question}/comments", READER, 422, {"body": " "}),
    Case("close", "/posts/{unanswered}/close", MODERATOR),
    Case("close-wrong", "/posts/{unanswered}/close", MODERATOR, 422, {"reason": "duplicate", "duplicate_of": "?"}),
    Case("move", "/posts/{talk}/move", MODERATOR),
    Case("login", "/auth/login?next=/posts/new"),
    Case("login-asked", "/posts/new"),
    Case("login-wrong", "/auth/login", None, 422, {"username": "namu", "password": "not the one"}),
    Case("signup", "/auth/signup"),
    Case(
        "signup-wrong",
        "/auth/signup",
        None,
        422,
        {"username": "나", "email": "나@", "password": "12345", "password2": "123456"},
    ),
    Case("not-found", "/posts/999999", None, 404),
    Case("gone", "/posts/{deleted}", None, 410),
    Case("forbidden", "/posts/{question}/close", READER, 403),
    Case("wrong-method", "/auth/logout", READER, 405),
    Case(
        "csrf", "/posts/new", READER, 400, {"csrf_token": "forged", "title": "제목이에요", "body": "본문이에요. " * 30}
    ),
    Case("home-admin", "/", ADMIN),
    Case("search-nothing-asked", "/search"),
    Case("search", "/search?q=sqlite"),
    Case("search-people", "/search?q=나무", READER),
    Case("search-nothing-found", "/search?q=없는낱말이에요"),
    Case("tags", "/tags"),
    Case("tags-none", "/tags?q=없는태그"),
    Case("tag", "/tags/postgresql"),
    Case("tag-moderator", "/tags/postgresql", MODERATOR),
    Case("tag-edit", "/tags/postgresql/edit", MODERATOR),
    Case("people", "/users"),
    Case("people-none", "/users?q=없는사람"),
    Case("person", "/users/namu"),
    Case("person-oneself", "/users/namu?tab=answers", ASKER),
    Case("person-answers", "/users/haneul?tab=answers"),
    Case("person-comments", "/users/mina?tab=comments", READER),
    Case("person-votes", "/users/eunbyeol?tab=votes"),
    Case("person-nothing", "/users/noor?tab=posts"),
    Case("person-long-name", "/users/" + "w" * 30),
    Case("forgot", "/auth/forgot"),
    Case("forgot-sent", "/auth/forgot", None, 200, {"email": "somebody@example.org"}),
    Case("reset-stale", "/auth/reset/forged", None, 410),
    Case("confirm-stale", "/auth/confirm/forged", None, 410),
    Case("settings", "/settings", READER),
    Case("settings-wrong", "/settings", READER, 422, {"display_name": "가" * 100, "website": "no address"}),
    Case("settings-account", "/settings/account", READER),
    Case("settings-account-wrong", "/settings/account/password", READER, 422, {"current_password": "no"}),
    Case("settings-sessions", "/settings/sessions", READER),
    Case("settings-preferences", "/settings/preferences", READER),
    Case("settings-leave", "/settings/leave", READER),
    Case("settings-delete", "/settings/leave/delete", READER),
    Case("about", "/about"),
)
