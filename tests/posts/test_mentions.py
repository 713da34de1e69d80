"""Mentions link to profiles, in posts and in comments."""


def test_a_mention_links_to_the_profile(ann, bob, visitor):
    question = ann.ask(body="I hope that @bob and @nobody-here will have a look.")
    page = visitor.page(f"/posts/{question}")
    assert '<a href="/users/bob" class="mention"' in page
    assert "/users/nobody-here" not in page


def test_korean_usernames_are_recognised_before_particles(ann, people, visitor):
    people["은별이네"]
    question = ann.ask()
    ann.comment(question, "@은별이네가 알려 주었어요. @은별이네 님 고마워요.")
    assert visitor.page(f"/posts/{question}").count('data-user="은별이네"') == 2
