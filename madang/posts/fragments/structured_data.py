"""Posts as items of schema.org, for search engines. The fields are those that Google documents for forums and for
questions with answers.
"""

from collections.abc import Sequence
from typing import cast
from urllib.parse import quote

from sqlalchemy import Row

from madang.core.i18n import _
from madang.core.markdown.sanitizer import beginning, plain_text
from madang.core.storage.pictures import FILES_URL
from madang.core.web.page_metadata import StructuredData
from madang.core.web.urls import absolute_url

from ..operations.rendering import HOSTED_PICTURE
from ..queries.posts import PageRow
from .addresses import post_path
from .authors import author_of

MAX_TEXT, MAX_HTML = 5_000, 50_000


def first_picture(post: PageRow) -> str | None:
    """The path of the first picture in a post that is hosted here; None if it has none."""
    found = HOSTED_PICTURE.search(post.body_html)
    return FILES_URL + found[1] if found else None


def post_data(post: PageRow, answers: Sequence[PageRow]) -> StructuredData:
    """A question with its answers on this page, or another post, as schema.org's QAPage or DiscussionForumPosting."""
    address = absolute_url(post_path(post))
    if post.kind != "question":
        counts = [_counter("LikeAction", post.score), _counter("CommentAction", post.comment_count)]
        picture = first_picture(post)
        images = {"image": absolute_url(picture)} if picture else {}
        head = {"@type": "DiscussionForumPosting", "headline": post.title, "interactionStatistic": counts}
        return head | images | _text_data(post, address)
    data = {"@type": "Question", "name": post.title, "answerCount": post.answer_count, "upvoteCount": post.score}
    answers = [answer for answer in answers if not answer.is_deleted]
    accepted = [_answer_data(answer, address) for answer in answers if answer.id == post.accepted_answer_id]
    others = [_answer_data(answer, address) for answer in answers if answer.id != post.accepted_answer_id]
    named = {"acceptedAnswer": accepted[0]} if accepted else {}
    return {"@type": "QAPage", "mainEntity": data | _text_data(post, address) | named | {"suggestedAnswer": others}}


def _answer_data(answer: PageRow, address: str) -> StructuredData:
    data = {"@type": "Answer", "upvoteCount": answer.score, "commentCount": answer.comment_count}
    return data | _text_data(answer, f"{address}#answer-{answer.id}")


def _text_data(post: PageRow, address: str) -> dict[str, object]:
    """What all texts have: the text, dates and author. A deleted account has neither name nor address."""
    author = author_of(cast(Row, post))
    person = {"@type": "Person", "name": author.display_name or author.username or _("deleted user")}
    if author.username:
        person["url"] = absolute_url(f"/users/{quote(author.username)}")
    edited = {"dateModified": post.edited_at.isoformat(timespec="seconds")} if post.edited_at else {}
    return {
        "url": address,
        "text": plain_text(beginning(post.body_html, MAX_HTML))[:MAX_TEXT],
        "datePublished": post.created_at.isoformat(timespec="seconds"),
        "author": person,
        **edited,
    }


def _counter(action: str, count: int) -> StructuredData:
    return {
        "@type": "InteractionCounter",
        "interactionType": f"https://schema.org/{action}",
        "userInteractionCount": max(0, count),
    }
