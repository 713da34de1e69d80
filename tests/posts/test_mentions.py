"""@names lead to their people, in posts and in comments."""


def test_a_mention_leads_to_the_profile(ann, bob, visitor):
    question = ann.ask(body="I hope that @bob and @nobody-here will have a look.")
    page = visitor.page(f"/posts/{question}")
    assert '<a href="/users/bob" class="mention"' in page
    assert "/users/nobody-here" not in page


def test_korean_names_are_found_before_their_particles(ann, people, visitor):
    people["은별이네"]
    question = ann.ask()
    ann.comment(question, "@은별이네가 알려 주었어요. @은별이네 님 고마워요.")
    assert visitor.page(f"/posts/{question}").count('data-user="은별이네"') == 2
