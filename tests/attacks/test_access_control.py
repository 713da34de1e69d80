"""Attacks on access control: reading deleted content, changing content of others."""

import re
from datetime import timedelta
from io import BytesIO

from PIL import Image

from madang.core.clock import at, now
from tests.test_conventions_routes import form_rules

HIDDEN = "finchling"  # each occurrence is next to the word "zebra", for searches
PLACES = [
    "/", "/feed.atom", "/boards/qa", "/boards/qa?sort=active", "/boards/qa?sort=votes", "/boards/qa?sort=unanswered",
    "/boards/qa/feed.atom", "/questions", "/questions?tag=yard", "/tags", "/tags/yard", "/tags/yard/feed.atom",
    "/users/ann", "/users/ann?tab=answers", "/users/ann?tab=comments", "/users/ann/feed.atom", "/users/ann/card",
    "/users/bob?tab=answers", "/users/bob?tab=comments", "/users/bob/feed.atom", "/search?q=zebra",
    "/search?q=zebra&kind=answer", "/search?q=zebra&kind=comment", "/posts/similar?title=zebra",
    "/sitemap.xml", "/sitemap-1.xml", "/tags/complete?q=zebra", "/tags?q=zebra",
]  # fmt: skip

CONTENT = ("/posts/<", "/comments/<", "/tags/<")
# Forms by which any member may write on content of others; each has a reason in tests/api/test_object_access.py.
OPEN_TO_MEMBERS = {
    "/posts/<int:post_id>/answers", "/posts/<int:post_id>/comments", "/posts/<int:post_id>/votes",
    "/posts/<int:post_id>/flags", "/posts/<int:post_id>/flags/delete", "/posts/<int:post_id>/follow",
    "/posts/<int:post_id>/todo", "/comments/<int:comment_id>/votes", "/comments/<int:comment_id>/flags",
    "/comments/<int:comment_id>/flags/delete", "/tags/<name>/follow", "/posts/<int:post_id>/deletion-request/delete",
}  # fmt: skip


def _read_everywhere(people, ids, comments):
    """Yield the path and text of each page, for each of these people."""
    places = [f"/posts/{post}{rest}" for post in ids for rest in ("", "/revisions", "/edit", "/similar")]
    paths = [*PLACES, *places]
    paths += [f"/comments/{comment}{rest}" for comment in comments for rest in ("", "/edit", "/delete")]
    for person in people:
        for path in paths:
            yield path, person.client.get(path, follow_redirects=True).text


def test_deleted_content_is_on_no_page(ann, bob, cho, dan, eve, visitor):
    other = ann.ask("Another question, about nothing at all?", tags="yard")
    question = ann.ask(f"Is a zebra {HIDDEN} a bird?", body=f"I saw a zebra {HIDDEN} in a tree.", tags="yard zebra")
    words = {"title": f"Is a zebra {HIDDEN} a bird?", "body": f"I saw one zebra {HIDDEN} there.", "tags": "yard zebra"}
    ann.post(f"/posts/{question}/edit", version=1, **words)
    answer = bob.answer(question, f"Yes, a zebra {HIDDEN} is one.")
    own_answer = ann.answer(question, f"I think the zebra {HIDDEN} is one.")
    comments = [cho.comment(question, f"Which zebra {HIDDEN}?"), ann.comment(answer, f"That zebra {HIDDEN}.")]
    separate = bob.answer(other, f"An answer that tells of the zebra {HIDDEN}.")
    comments.append(bob.comment(other, f"A remark on the zebra {HIDDEN}."))
    assert HIDDEN in visitor.page("/search?q=zebra") and HIDDEN in visitor.page("/users/ann/feed.atom")
    dan.post(f"/posts/{question}/delete")
    dan.post(f"/posts/{separate}/delete")
    dan.post(f"/comments/{comments[-1]}/delete")
    readers, posts = (visitor, eve, ann, bob), (question, answer, own_answer, separate, other)
    assert [path for path, page in _read_everywhere(readers, posts, comments) if HIDDEN in page] == []


def test_members_cannot_change_content_of_others(whole_app, ann, bob, eve):
    """Every form on a post, comment or tag refuses Eve unless it is listed in `OPEN_TO_MEMBERS`."""
    question = ann.ask(tags="yard")
    answer = bob.answer(question)
    known = {"comment_id": bob.comment(question), "name": "yard", "number": 1}
    forms = {rule.rule for rule in form_rules(whole_app) if rule.rule.startswith(CONTENT)}
    assert forms >= OPEN_TO_MEMBERS
    ann.post(f"/posts/{question}/edit", title="How do I move a yard?", body="Another text of this question.", version=1)
    words = {"title": "What eve thinks of it", "body": "What eve thinks of all of this.", "tags": "eve", "version": 2}
    for form in sorted(forms - OPEN_TO_MEMBERS):
        for post in (answer, question):
            path = form.replace("<int:post_id>", str(post))
            path = re.sub(r"<(?:int:)?(\w+)>", lambda match: str(known[match[1]]), path)
            status = eve.post(path, **words, value="1", board="talk", reason="unclear").status_code
            assert status in (403, 404), f"{path} answers {status}; see `OPEN_TO_MEMBERS`"
    assert eve.post("/posts/new", board="notice", title="A notice of eve's", body="So it is.").status_code == 403


def test_authors_cannot_restore_what_staff_deleted(ann, dan):
    question = ann.ask()
    comment = ann.comment(question)
    dan.post(f"/comments/{comment}/delete")
    dan.post(f"/posts/{question}/delete")
    assert ann.post(f"/posts/{question}/restore").status_code == 410
    assert ann.post(f"/comments/{comment}/restore").status_code == 404


def test_a_response_with_a_session_is_not_cached_by_proxies(ann, visitor):
    """The next response renews a member's session, even if it is otherwise publicly cacheable."""
    buffer = BytesIO()
    Image.new("RGB", (40, 40)).save(buffer, "PNG")
    buffer.seek(0)
    picture = ann.client.post("/files", data={"csrf_token": ann.token, "file": (buffer, "picture.png")}).json["url"]
    for path in (picture, "/feed.atom", "/robots.txt"):
        assert visitor.get(path).cache_control.public
        with at(now() + timedelta(hours=1)):
            answer = ann.get(path)
        assert answer.cache_control.private and not answer.cache_control.public
