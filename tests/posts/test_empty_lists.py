"""A list with nothing in it says what belongs there, and what to do."""


def test_an_empty_board_offers_the_first_post_to_whoever_may_write(ann, dan, visitor):
    assert 'href="/posts/new?board=talk"' in visitor.page("/boards/talk").partition('class="empty"')[2]
    assert "Write the first post" in ann.page("/boards/talk")
    assert "Write the first post" not in ann.page("/boards/notice")
    assert "Write the first post" in dan.page("/boards/notice")
    assert "Write the first post" not in visitor.page("/boards/notice"), "logging in would not help"


def test_where_every_question_has_an_answer_nothing_waits(ann, bob, visitor):
    question = ann.ask()
    assert f'href="/posts/{question}' in visitor.page("/questions?sort=unanswered")
    bob.answer(question)
    for path in ("/questions", "/boards/qa"):
        page = visitor.page(f"{path}?sort=unanswered")
        assert "Every question has an answer" in page
        assert f'<a class="btn primary" href="{path}">See the newest</a>' in page


def test_only_ones_own_empty_profile_offers_to_write(ann, bob):
    offer = '<a class="btn primary" href="/posts/new">'
    assert offer in ann.page("/users/ann")
    assert offer not in ann.page("/users/bob")
