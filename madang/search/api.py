"""Search by the API. People are searched by `GET /users?q=`."""

from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.pagination import Page, PageResult
from madang.core.web.actor import current_actor
from madang.posts.queries.posts import get_page_row

from .fragments import hits_of
from .queries.search import search_documents, slice_results
from .queries.similar import similar_questions, similar_to
from .queries.terms import parse_query
from .schemas import HitQuery, HitSchema, SimilarQuestionSchema, TitleQuery

bp = ApiBlueprint("search", description="Finding what was written.")


@bp.get("/search", public=True)
@bp.paginated(HitSchema, HitQuery)
def list_hits(page: Page) -> PageResult:
    """Everything that has all the words, the best first, at most 1,000. Korean is found inside longer words."""
    query = parse_query(page["q"])
    actor = current_actor()
    results = search_documents(query, actor, page["kind"] or "")
    ids, key = slice_results(results, page.after((int, int)), page.limit)
    return PageResult(hits_of(ids, query.text, actor), key)


@bp.get("/search/similar", public=True)
@bp.paginated(SimilarQuestionSchema, TitleQuery)
def list_similar(page: Page) -> PageResult:
    """Questions whose titles resemble one that is being written, at most five."""
    return page.whole(similar_questions(page["title"], current_actor()))


@bp.get("/posts/<int:post_id>/similar", public=True)
@bp.paginated(SimilarQuestionSchema)
def list_similar_to(page: Page, post_id: int) -> PageResult:
    """Questions that resemble a post, at most five."""
    return page.whole(similar_to(get_page_row(post_id, current_actor()), current_actor()))
