"""Empty lists say so, and link to what the reader can do."""


def test_an_empty_board_offers_to_write_the_first_post_to_those_who_can(ann, dan, visitor):
    assert 'href="/posts/new?board=talk"' in visitor.page("/boards/talk").partition('class="empty"')[2]
    assert "Write the first post" in ann.page("/boards/talk")
    assert "Write the first post" not in ann.page("/boards/notice")
    assert "Write the first post" in dan.page("/boards/notice")
    assert "Write the first post" not in visitor.page("/boards/notice"), "logging in would not help"


def test_a_list_without_unanswered_questions_links_to_the_newest(ann, bob, visitor):
    question = ann.ask()
    assert f'href="/posts/{question}' in visitor.page("/questions?sort=unanswered")
    bob.answer(question)
    for path in ("/questions", "/boards/qa"):
        page = visitor.page(f"{path}?sort=unanswered")
        assert "Every question has an answer" in page
        assert f'<a class="btn primary" href="{path}">See the newest questions</a>' in page


def test_an_empty_profile_offers_to_write_only_to_its_owner(ann, bob):
    offer = '<a class="btn primary" href="/posts/new">'
    assert offer in ann.page("/users/ann")
    assert offer not in ann.page("/users/bob")
