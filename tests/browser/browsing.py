"""Browser contexts of test users in one Chromium."""

from dataclasses import dataclass, field

from playwright.sync_api import APIRequestContext, Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.people import PASSWORD
from tests.timing import TIMEOUT_SECONDS

from .content import GUEST
from .serving import Site

SEND = """([path, fields]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: path });
  const token = document.querySelector("meta[name=csrf-token]")?.content
    ?? document.querySelector("input[name=csrf_token]")?.value ?? "";
  for (const [name, value] of Object.entries({ csrf_token: token, ...fields })) {
    const field = Object.assign(document.createElement("textarea"), { name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


@dataclass
class BrowserPool:
    """Open browser contexts on one site for any user; caches the sessions of users who have logged in."""

    browser: Browser
    site: Site
    sessions: dict[str, list] = field(default_factory=dict)
    reusable: dict[tuple, "UserBrowser"] = field(default_factory=dict)

    def open_for(
        self,
        who: str | None = None,
        *,
        locale: str = "ko",
        theme: str = "",
        width: int = 1280,
        script: bool = True,
    ) -> "UserBrowser":
        """Open a new browser context with a page, logged in as `who`; close it after use."""
        context = self.browser.new_context(
            base_url=self.site.url,
            viewport={"width": width, "height": 900 if width > 600 else 740},
            java_script_enabled=script,
            has_touch=width < 600,
            reduced_motion="reduce",
        )
        context.set_default_timeout(1000 * TIMEOUT_SECONDS)
        cookies = {"locale": locale, **({"theme": theme} if theme else {})}
        context.add_cookies([{"name": name, "value": value, "url": self.site.url} for name, value in cookies.items()])
        if who:
            context.add_cookies(self._session(who))
        return UserBrowser(context, context.new_page(), self.site)

    def reuse_for(self, who: str | None, **look: str | int) -> "UserBrowser":
        """A browser as by `open_for`, which stays open for later calls with the same arguments: much quicker."""
        key = (who, *sorted(look.items()))
        if key not in self.reusable:
            self.reusable[key] = self.open_for(who, **look)
        for other, user in self.reusable.items():
            if other[0] == who and other != key and user.page.url != "about:blank":
                user.page.goto("about:blank")  # its event stream would count among the few that a person may have
        self.reusable[key].errors.clear()
        return self.reusable[key]

    def publish(self, who: str, board: str, title: str, body: str) -> str:
        """Post on a board; returns the address of the post."""
        with self.open_for(who) as user:
            user.fetch("/posts/new", {"board": board, "title": title, "body": body})
            user.visit(f"/boards/{board}")
            address = user.page.get_by_role("link", name=title).first.get_attribute("href")
        assert address
        return address

    def _session(self, who: str) -> list:
        if who not in self.sessions:
            context = self.browser.new_context(base_url=self.site.url)
            if who == GUEST:
                context.request.get("/guest")
            else:
                log_in(context.request, who)
            self.sessions[who] = context.cookies()
            context.close()
        return self.sessions[who]


def log_in(request: APIRequestContext, who: str) -> None:
    page = request.get("/auth/login").text()
    answer = request.post(
        "/auth/login", form={"csrf_token": token_of(page), "username": who, "password": PASSWORD}, max_redirects=0
    )
    assert answer.status == 302, answer.text()[:2000]


def token_of(page: str) -> str:
    """The CSRF token of a page; empty without one."""
    for mark in ('name="csrf-token" content="', 'name="csrf_token" value="'):
        if mark in page:
            return page.partition(mark)[2].partition('"')[0]
    return ""


@dataclass
class UserBrowser:
    """One user's browser context with its page, and the errors that occurred in it."""

    context: BrowserContext
    page: Page
    site: Site
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._record_console)
        self.page.on("request", self._check_address)

    def __enter__(self) -> "UserBrowser":
        return self

    def __exit__(self, *_error: object) -> None:
        self.context.close()

    def _record_console(self, message: ConsoleMessage) -> None:
        text, url = message.text, message.location["url"]
        # Chromium also reports the status of an error page, which the test has requested.
        if message.type == "error" and not (text.startswith("Failed to load resource") and url == self.page.url):
            self.errors.append(f"{text} ({url})")

    def _check_address(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.errors.append(f"request to another host: {request.url}")

    def visit(self, path: str, sent: dict[str, str] | None = None) -> int:
        """Open a page, or submit the form `sent` to its address; returns the status."""
        if sent is None:
            answer = self.page.goto(path)
        else:
            self.page.goto("/posts/new" if self._is_logged_in() else "/auth/login")
            with self.page.expect_navigation() as navigation:
                self.page.evaluate(SEND, [path, sent])
            answer = navigation.value
        assert answer
        return answer.status

    def fetch(self, path: str, sent: dict[str, str] | None = None) -> str:
        """The HTML of a page, or of the response to the form `sent`, without opening it in the browser."""
        if sent is None:
            return self.context.request.get(path).text()
        token = token_of(self.context.request.get("/posts/new").text())
        return self.context.request.post(path, form={"csrf_token": token, **sent}).text()

    def _is_logged_in(self) -> bool:
        return any(cookie["name"] == "madang_session" for cookie in self.context.cookies())
