"""Asking for the deletion of a question, and deciding on it, by keyboard and without a script."""

import pytest
from playwright.sync_api import expect

from .browsing import BrowserPool
from .content import MODERATOR
from .words import ko

pytestmark = pytest.mark.browser

ASKER, ANSWERER = "dalbit", "tomas"


def answered_question(browsers: BrowserPool, title: str) -> str:
    """Ask and answer a question; returns its address without the words of its title."""
    path = browsers.publish(ASKER, "qa", title, "답이 달린 뒤에 지우고 싶어졌어요.").rpartition("/")[0]
    with browsers.open_for(ANSWERER) as user:
        user.fetch(f"{path}/answers", {"body": "운영진에게 요청해 보세요. 까닭도 적어 주시고요."})
    return path


@pytest.mark.parametrize("script", [True, False])
def test_a_request_is_sent_declined_and_read_about(browsers: BrowserPool, script: bool):
    title = f"이 질문을 지워 달라고 할 수 있나요? {script}"
    path = answered_question(browsers, title)
    with browsers.open_for(ASKER, locale="ko", script=script) as user:
        user.visit(path)
        user.page.get_by_role("link", name=ko("Ask for deletion")).click()
        expect(user.page.locator("#note")).to_be_focused()
        user.page.keyboard.type("사람 이름이 들어갔어요.")
        user.page.keyboard.press("Tab")
        user.page.keyboard.press("Enter")
        sentence = "Thank you. The moderators will look at it and let you know what they decide."
        expect(user.page.get_by_text(ko(sentence))).to_be_visible()
    with browsers.open_for(MODERATOR, locale="ko", script=script) as user:
        user.visit("/admin/flags")
        waiting = user.page.locator(".hit", has_text=title)
        waiting.get_by_label(ko("Why you keep it (optional)")).fill("답이 도움이 되고 있어요.")
        waiting.get_by_role("button", name=ko("Keep the question")).press("Enter")
        expect(user.page.locator(".hit", has_text=title)).to_have_count(0)
    with browsers.open_for(ASKER, locale="ko", script=script) as user:
        user.visit(f"{path}/deletion-request")
        expect(user.page.locator("main")).to_contain_text("답이 도움이 되고 있어요.")


def test_granting_a_request_asks_first(browsers: BrowserPool):
    path = answered_question(browsers, "이 질문은 정말 지워 주세요")
    with browsers.open_for(ASKER) as user:
        user.fetch(f"{path}/deletion-request", {"note": "사람 이름이 들어갔어요."})
    with browsers.open_for(MODERATOR, locale="ko") as user:
        user.visit("/admin/flags")
        waiting = user.page.locator(".hit", has_text="이 질문은 정말 지워 주세요")
        waiting.get_by_role("button", name=ko("Delete as asked")).click()
        dialog = user.page.get_by_role("dialog")
        expect(dialog).to_contain_text(ko("Delete it? A moderator can restore it."))
        dialog.get_by_role("button", name=ko("Delete as asked")).click()
        expect(user.page.get_by_text(ko("The question has been deleted."))).to_be_visible()
