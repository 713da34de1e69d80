"""Search by the API."""

import pytest

from .programs import Program


@pytest.fixture
def lantern_ids(app, ann, bob, cho) -> dict[str, int]:
    question = ann.ask("How do I carry a <lantern>?", "It hangs over the water.", tags="light")
    answer = bob.answer(question, "Take the lantern by its handle.")
    comment = cho.comment(answer, "이 lantern은 무거워요.")
    talk = ann.ask("A walk with a lantern", "Who comes along tonight?", board="talk")
    ann.ask("What is a well?", "It is deep and full of water.")
    return {"question": question, "answer": answer, "comment": comment, "talk": talk}


def test_all_kinds_of_content_are_found(app, lantern_ids, visitor):
    hits = {hit["kind"]: hit for hit in Program(app).read("/search?q=lantern")["items"]}
    assert set(hits) == {"question", "answer", "comment", "talk"}
    question, answer, comment = hits["question"], hits["answer"], hits["comment"]
    assert (question["post_id"], question["board"], question["tags"]) == (lantern_ids["question"], "qa", ["light"])
    assert question["title"] == "How do I carry a <lantern>?"
    assert question["title_html"] == "How do I carry a &lt;<mark>lantern</mark>&gt;?"
    assert (answer["post_id"], answer["page_id"], answer["tags"]) == (
        lantern_ids["answer"],
        lantern_ids["question"],
        [],
    )
    assert answer["snippet"] == "Take the lantern by its handle."
    assert answer["snippet_html"] == "Take the <mark>lantern</mark> by its handle."
    assert (comment["post_id"], comment["comment_id"]) == (None, lantern_ids["comment"])
    assert comment["author"]["username"] == "cho"
    for hit in hits.values():
        assert visitor.get(hit["path"].partition("#")[0]).status_code == 200


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_results_are_paginated_by_a_cursor(app, lantern_ids, limit):
    whole = Program(app).read("/search?q=lantern")["items"]
    assert Program(app).walk("/search?q=lantern", limit=limit) == whole
    assert len(whole) == 4


def test_pagination_continues_after_a_deleted_result(app, ann):
    for number in range(4):
        ann.ask(f"Talk number {number} of a lantern", board="talk")
    all_ids = [hit["post_id"] for hit in Program(app).read("/search?q=lantern")["items"]]
    first_page = Program(app).read("/search?q=lantern&limit=2")
    ann.post(f"/posts/{all_ids[1]}/delete")
    rest = Program(app).read(f"/search?q=lantern&cursor={first_page['next_cursor']}")["items"]
    assert [hit["post_id"] for hit in rest] == all_ids[2:]


@pytest.mark.parametrize("kind", ["question", "answer", "comment", "talk"])
def test_results_are_filtered_by_kind(app, lantern_ids, kind):
    assert [hit["kind"] for hit in Program(app).walk(f"/search?q=lantern&kind={kind}")] == [kind]


def test_korean_words_match_with_particles(app, ann):
    number = ann.ask("서버를 옮기는 방법", "서버를 옮기고 싶어요. 어떻게 하나요?")
    assert [hit["post_id"] for hit in Program(app).read("/search?q=서버")["items"]] == [number]


def test_an_empty_query_has_no_results(app, lantern_ids):
    for query in ("", "?q=", "?q=%21%21", "?q=nowhere"):
        assert Program(app).read(f"/search{query}") == {"items": [], "next_cursor": None}
    assert set(Program(app).get("/search?kw=lantern").json["errors"]) == {"kw"}
    assert set(Program(app).get("/search?q=x&kind=people").json["errors"]) == {"kind"}


def test_deleted_posts_are_not_found(app, ann, lantern_ids):
    ann.post(f"/posts/{lantern_ids['talk']}/delete")
    assert lantern_ids["talk"] not in [hit["post_id"] for hit in Program(app).read("/search?q=lantern")["items"]]


def test_similar_questions_are_listed(app, ann, lantern_ids):
    other = ann.ask("How heavy is a lantern?")
    reader = Program(app)
    similar = [row["id"] for row in reader.read(f"/posts/{other}/similar")["items"]]
    assert similar[0] == lantern_ids["question"]
    assert other not in similar
    listed = reader.read("/search/similar?title=a%20heavy%20lantern")["items"]
    assert [row["id"] for row in listed][:2] == [other, lantern_ids["question"]]
    assert reader.read("/search/similar")["items"] == []
    assert reader.get("/posts/999/similar").status_code == 404
