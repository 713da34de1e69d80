"""A Chromium and the people who sit in front of it."""

from dataclasses import dataclass, field

from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page, Request

from tests.people import PASSWORD
from tests.timing import PATIENCE_SECONDS

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
class Desk:
    """Opens pages of one site, as anybody; remembers who has logged in."""

    browser: Browser
    site: Site
    sessions: dict[str, list] = field(default_factory=dict)
    kept: dict[tuple, "Seat"] = field(default_factory=dict)

    def sit(
        self,
        who: str | None = None,
        *,
        locale: str = "ko",
        theme: str = "",
        width: int = 1280,
        script: bool = True,
    ) -> "Seat":
        """A browser of one person's own; close it after use."""
        context = self.browser.new_context(
            base_url=self.site.url,
            viewport={"width": width, "height": 900 if width > 600 else 740},
            java_script_enabled=script,
            has_touch=width < 600,
            reduced_motion="reduce",
        )
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        cookies = {"locale": locale, **({"theme": theme} if theme else {})}
        context.add_cookies([{"name": name, "value": value, "url": self.site.url} for name, value in cookies.items()])
        if who:
            context.add_cookies(self._session(who))
        return Seat(context, context.new_page(), self.site)

    def keep(self, who: str | None, **look: str | int) -> "Seat":
        """A browser like that of `sit`, which stays open for the next one who looks the same way: much quicker."""
        key = (who, *sorted(look.items()))
        if key not in self.kept:
            self.kept[key] = self.sit(who, **look)
        self.kept[key].complaints.clear()
        return self.kept[key]

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
    """The CSRF token that a page carries."""
    for mark in ('name="csrf-token" content="', 'name="csrf_token" value="'):
        if mark in page:
            return page.partition(mark)[2].partition('"')[0]
    return ""


@dataclass
class Seat:
    """One person's browser with its page, and what is wrong with what it showed."""

    context: BrowserContext
    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self._hear(message.type, message.text, message.location["url"]))
        self.page.on("request", self._check_address)

    def __enter__(self) -> "Seat":
        return self

    def __exit__(self, *_error: object) -> None:
        self.context.close()

    def _hear(self, kind: str, text: str, url: str) -> None:
        # Chromium also reports the status of an error page, which is what was asked for.
        if kind == "error" and not (text.startswith("Failed to load resource") and url == self.page.url):
            self.complaints.append(f"{text} ({url})")

    def _check_address(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.complaints.append(f"asks another host: {request.url}")

    def see(self, path: str, sent: dict[str, str] | None = None) -> int:
        """Look at a page, or at the answer to a form that is `sent`; returns the status."""
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
        """The HTML of a page as it comes from the server."""
        if sent is None:
            return self.context.request.get(path).text()
        token = token_of(self.context.request.get("/posts/new").text())
        return self.context.request.post(path, form={"csrf_token": token, **sent}).text()

    def _is_logged_in(self) -> bool:
        return any(cookie["name"] == "madang_session" for cookie in self.context.cookies())
