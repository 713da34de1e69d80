"""What the script adds, and what works without it, in a real Chromium."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class TestWithoutAScript:
    @pytest.fixture
    def plain(self, chromium, server):
        phone = {"width": 360, "height": 740}
        context = chromium.new_context(base_url=server.url, java_script_enabled=False, viewport=phone)
        yield context.new_page()
        context.close()

    def test_the_hamburger_opens(self, plain):
        plain.goto("/ko/light/question")
        plain.locator(".burger > summary").click()
        expect(plain.locator(".drawer").get_by_role("link", name="자유 마당")).to_be_visible()

    def test_the_search_box_opens_by_touch(self, plain):
        plain.goto("/ko/light/list")
        plain.locator("#q").click()
        assert plain.locator("#q").bounding_box()["width"] > 300

    def test_a_vote_is_a_form_that_is_sent(self, plain, server):
        plain.goto("/ko/light/question")
        server.posts.clear()
        plain.locator("#vote-7-up").click()
        assert server.posts[0]["path"] == "/posts/7/votes"
        assert "value=1" in server.posts[0]["body"]
        assert "csrf_token=a-token" in server.posts[0]["body"]

    def test_no_control_is_shown_that_needs_one(self, plain):
        plain.goto("/ko/light/question")
        expect(plain.locator(".editor-bar")).to_be_hidden()
        expect(plain.locator(".foot .theme")).to_be_hidden()


class TestTheTheme:
    def test_is_kept_in_a_cookie(self, page):
        page.goto("/ko/system/list")
        page.locator(".foot [data-theme-set=dark]").click()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "theme"] == ["dark"]

    def test_as_the_system_takes_the_cookie_away(self, page):
        page.goto("/ko/dark/list")
        page.locator('.foot [data-theme-set=""]').click()
        assert page.evaluate("'theme' in document.documentElement.dataset") is False
        assert page.context.cookies() == []

    def test_is_light_on_paper(self, page):
        page.goto("/ko/dark/list")
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

    def test_follows_the_system_where_nothing_was_chosen(self, page):
        page.emulate_media(color_scheme="dark")
        page.goto("/ko/system/list")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(24, 23, 20)"


class TestVoting:
    def test_happens_in_place_and_keeps_the_focus(self, page):
        page.goto("/ko/light/question")
        page.locator("#vote-7-up").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#vote-7-up")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#answer-7 .vote b").first).to_have_text("12")
        expect(page.locator("#vote-7-up")).to_be_focused()

    def test_sends_the_token(self, page, server):
        page.goto("/ko/light/question")
        page.locator("#vote-7-up").click()
        expect(page.locator("#vote-7-up")).to_have_attribute("aria-pressed", "true")
        assert server.posts[0]["headers"]["X-CSRFToken"] == "a-token"

    def test_shows_the_server_s_sentence_when_it_is_refused(self, page):
        page.goto("/ko/light/question")
        page.locator("#vote-8-up").click()
        expect(page.locator(".toast")).to_contain_text("The question is closed.")
        expect(page.locator("#answer-8 .vote b").first).to_have_text("2")

    def test_says_so_when_there_is_no_connection(self, page):
        page.goto("/ko/light/question")
        page.context.set_offline(True)
        page.locator("#vote-7-up").click()
        expect(page.locator(".toast")).to_contain_text("인터넷에 연결되어 있지 않아요")


class TestTheCardOverAName:
    def test_opens_under_the_pointer_and_lets_it_in(self, page):
        page.goto("/ko/light/question")
        page.locator("#answer-7 .signed .name").hover()
        card = page.locator(".card-pop")
        expect(card).to_contain_text("산책")
        card.hover()
        expect(card).to_be_visible()

    def test_closes_by_escape(self, page):
        page.goto("/ko/light/question")
        page.locator("#answer-7 .signed .name").hover()
        expect(page.locator(".card-pop")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".card-pop")).to_have_count(0)

    def test_opens_by_keyboard_and_gives_the_focus_back(self, page):
        page.goto("/ko/light/question")
        name = page.locator("#answer-7 .signed .name")
        name.focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".card-pop a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(name).to_be_focused()

    def test_stays_inside_a_phone(self, page):
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto("/ko/light/list")
        page.locator(".row .who a").nth(3).hover()
        box = page.locator(".card-pop").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


class TestTheEditor:
    @pytest.fixture
    def area(self, page):
        page.clock.install()
        page.goto("/ko/light/write")
        return page.locator("#body")

    def test_makes_the_selection_bold_and_takes_it_back(self, page, area):
        area.fill("마당")
        area.select_text()
        page.locator("[data-tool=bold]").click()
        expect(area).to_have_value("**마당**")
        page.locator("[data-tool=bold]").click()
        expect(area).to_have_value("마당")

    def test_makes_a_list_of_the_chosen_lines(self, page, area):
        area.fill("하나\n둘")
        area.select_text()
        page.locator("[data-tool=list]").click()
        expect(area).to_have_value("- 하나\n- 둘")

    def test_fences_several_lines_of_code(self, page, area):
        area.fill("a = 1\nb = 2")
        area.select_text()
        page.locator("[data-tool=code]").click()
        expect(area).to_have_value("\n```\na = 1\nb = 2\n```\n")

    def test_makes_a_link_of_an_address(self, page, area):
        area.fill("https://example.org/a")
        area.select_text()
        page.locator("[data-tool=link]").click()
        expect(area).to_have_value("[글](https://example.org/a)")

    def test_shows_the_server_s_preview(self, page, area):
        area.fill("안녕")
        page.get_by_role("tab", name="미리 보기").click()
        expect(page.locator(".preview strong")).to_have_text("안녕")
        expect(area).to_be_hidden()

    def test_completes_a_name(self, page, area):
        area.press_sequentially("안녕 @nam")
        page.clock.run_for(200)
        expect(page.get_by_role("option")).to_have_count(2)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(area).to_have_value("안녕 @namsan ")

    def test_shows_the_names_under_the_caret(self, page, area):
        area.press_sequentially("하나\n둘 @nam")
        page.clock.run_for(200)
        shown, field = page.get_by_role("listbox").bounding_box(), area.bounding_box()
        assert 40 < shown["y"] - field["y"] < 110

    def test_does_not_take_an_address_for_a_name(self, page, area):
        area.press_sequentially("me@nam")
        page.clock.run_for(200)
        expect(page.get_by_role("option")).to_have_count(0)

    def test_completes_a_tag_after_the_last_comma(self, page, area):
        tags = page.locator("#tags")
        tags.press_sequentially("nginx, fl")
        page.clock.run_for(200)
        expect(tags).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Enter")
        expect(tags).to_have_value("nginx, flask, ")

    def test_puts_a_picture_where_the_caret_stood(self, page, area):
        area.fill("앞뒤")
        page.evaluate("document.querySelector('#body').setSelectionRange(1, 1)")
        page.locator("input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"png"})
        expect(area).to_have_value("앞![a](/files/1)뒤")

    def test_keeps_a_draft_after_a_quiet_moment(self, page, area, server):
        area.fill("아직 쓰는 중")
        page.clock.run_for(3000)
        expect(page.locator("[data-state]")).to_have_text("초안을 저장했어요")
        (draft,) = [post for post in server.posts if post["path"] == "/posts/drafts"]
        assert "key=question" in draft["body"]
        assert "csrf_token" not in draft["body"]

    def test_keeps_no_draft_of_what_was_not_touched(self, page, area, server):
        page.clock.run_for(10_000)
        assert server.posts == []

    def test_is_sent_by_control_and_enter(self, page, area):
        area.fill("다 썼다")
        area.press("Control+Enter")
        expect(page).to_have_title("Posted")

    def test_asks_for_similar_questions_while_the_title_is_typed(self, page, area):
        page.locator("#title").press_sequentially("nginx 502")
        page.clock.run_for(500)
        expect(page.locator(".similar")).to_have_text("nginx 502")


class TestForms:
    def test_are_sent_once(self, page):
        page.goto("/ko/light/settings")
        prevented = page.evaluate(
            "() => { const prevented = []; const form = document.querySelector('form.middle');"
            " addEventListener('submit', (event) => {"
            " prevented.push(event.defaultPrevented); event.preventDefault(); });"
            " form.requestSubmit(); form.requestSubmit(); return prevented; }"
        )
        assert prevented == [False, True]
        expect(page.locator("form.middle button").first).to_be_disabled()

    def test_warn_before_what_was_typed_is_lost(self, page):
        page.goto("/ko/light/settings")
        page.locator("#display_name").fill("별")
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto("/ko/light/list")
        assert asked == ["beforeunload"]

    def test_ask_before_what_cannot_be_undone(self, page, server):
        page.goto("/ko/light/question")
        page.locator("#post-12 > div > .acts").get_by_role("link", name="지우기").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("이 질문을 지울까요?")
        dialog.get_by_role("button", name="그만두기").click()
        assert server.posts == []

    def test_do_it_when_the_answer_is_yes(self, page, server):
        page.goto("/ko/light/question")
        page.locator("#post-12 > div > .acts").get_by_role("link", name="지우기").click()
        page.get_by_role("dialog").get_by_role("button", name="지우기").click()
        expect(page).to_have_title("Posted")
        assert server.posts[-1]["path"] == "/posts/12/delete"
        assert server.posts[-1]["body"] == "csrf_token=a-token"

    def test_show_a_password_on_demand(self, page):
        page.goto("/ko/light/login")
        page.get_by_role("button", name="비밀번호 보기").click()
        expect(page.locator("#password")).to_have_attribute("type", "text")


class TestTheKeyboard:
    def test_walks_the_rows(self, page):
        page.goto("/ko/light/list")
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator("[data-row]").nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(page.locator("[data-row]").first).to_be_focused()

    def test_finds_the_search_box(self, page):
        page.goto("/ko/light/list")
        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()
        expect(page.locator("#q")).to_have_value("")

    def test_shows_its_help_and_can_be_turned_off(self, page):
        page.goto("/ko/light/list")
        page.keyboard.press("?")
        page.get_by_role("dialog").get_by_role("checkbox").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        expect(page.locator("#q")).not_to_be_focused()

    def test_closes_a_menu_and_returns_to_its_button(self, page):
        page.goto("/ko/light/question")
        page.locator(".tools .menu > summary").click()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".tools .menu-list a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".tools .menu > summary")).to_be_focused()
        expect(page.locator(".tools .menu-list")).to_be_hidden()

    def test_skips_to_the_text(self, page):
        page.goto("/ko/light/list")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_share_copies_the_address(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/ko/light/question")
    page.locator("#answer-7 [data-copy]").click()
    expect(page.locator(".toast")).to_contain_text("링크를 복사했어요")
    assert page.evaluate("navigator.clipboard.readText()").endswith("/ko/light/question#answer-7")


def test_times_stay_true_while_the_page_is_open(page):
    page.clock.install(time="2026-03-02T09:30:00Z")
    page.goto("/ko/light/question")
    moment = page.locator("#post-12 .signed time")
    expect(moment).to_have_text("12분 전")
    page.clock.run_for(3 * 60_000)
    expect(moment).to_have_text("15분 전")
