"""Drafts, previews and pictures in the JSON API."""

from io import BytesIO

import pytest

from tests.core.storage.test_pictures import _picture

from .programs import Program, program_of

pytestmark = pytest.mark.each_database


@pytest.fixture
def program(ann) -> Program:
    return program_of(ann)


class TestDrafts:
    def test_a_draft_is_stored_read_and_deleted(self, ann, program):
        words = {"title": "A title", "body": "Half a text"}
        assert program.put("/drafts/post", words).status_code == 204
        draft = program.read("/drafts/post")
        assert (draft["place"], draft["title"], draft["body"], draft["tags"]) == ("post", "A title", "Half a text", "")
        assert "Half a text" in ann.page("/posts/new?draft=post")
        assert program.put("/drafts/post", {"body": "All of it"}).status_code == 204
        assert program.read("/drafts/post")["title"] == ""
        for _twice in range(2):
            assert program.delete("/drafts/post").status_code == 204
        assert program.get("/drafts/post").status_code == 404

    def test_drafts_are_private(self, ann, bob, program):
        question = ann.ask()
        program.put("/drafts/post", {"body": "Mine"})
        program.put(f"/drafts/answer:{question}", {"body": "Mine too"})
        assert [draft["place"] for draft in program.read("/drafts")["items"]] == [f"answer:{question}", "post"]
        other = program_of(bob)
        assert other.read("/drafts")["items"] == []
        assert other.get("/drafts/post").status_code == 404
        other.delete("/drafts/post")
        assert program.read("/drafts/post")["body"] == "Mine"

    def test_each_new_post_has_a_place_of_its_own(self, ann, program):
        for place in ("post:0123456789abcdef", "post:fedcba98"):
            assert program.put(f"/drafts/{place}", {"board": "talk", "title": place}).status_code == 204
        assert program.delete("/drafts/post:fedcba98").status_code == 204
        assert [draft["place"] for draft in program.read("/drafts")["items"]] == ["post:0123456789abcdef"]
        page = ann.page("/drafts")
        assert 'href="/posts/new?draft=post:0123456789abcdef"' in page and "fedcba98" not in page

    def test_an_empty_draft_is_deleted(self, program):
        program.put("/drafts/post", {"body": "Words"})
        assert program.put("/drafts/post", {"body": "  ", "board": "qa"}).status_code == 204
        assert program.get("/drafts/post").status_code == 404

    @pytest.mark.parametrize("place", ["elsewhere", "answer:", "answer:x", "edit:1", "answer:" + "9" * 50, "글"])
    def test_an_unknown_place_is_refused(self, program, place):
        refused = program.put(f"/drafts/{place}", {"body": "Words"})
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"place"})
        assert program.get(f"/drafts/{place}").status_code == 404

    def test_invalid_fields_are_named(self, program):
        refused = program.put("/drafts/post", {"body": 7, "colour": "red"})
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"body", "colour"})

    def test_they_are_limited_as_on_pages(self, app, ann, program):
        app.config["DRAFT_LIMIT"] = "1 per minute"
        assert ann.post("/posts/drafts", key="post", body="Words").status_code == 204
        assert program.put("/drafts/post", {"body": "Words"}).status_code == 429


def test_a_preview_equals_the_posted_text(app, ann, program):
    body = "Some **words**, and <script>alert(1)</script> none."
    preview = program.post("/preview", {"body": body})
    assert preview.status_code == 200
    post = program.post("/posts", {"board": "qa", "title": "How do I write?", "body": body})
    assert preview.json == {"body_html": post.json["body_html"]}
    assert "<script" not in preview.json["body_html"]
    assert Program(app).post("/preview", {"body": body}).status_code == 401
    assert set(program.post("/preview", {}).json["errors"]) == {"body"}
    app.config["PREVIEW_LIMIT"] = "1 per minute"
    ann.post("/posts/preview", body="Words")
    assert program.post("/preview", {"body": body}).status_code == 429


def _upload(program: Program, content: bytes, name: str = "my yard.png", **fields):
    return program.call("POST", "/files", data={"file": (BytesIO(content), name), **fields})


class TestFiles:
    def test_a_picture_is_uploaded_read_and_deleted(self, program, visitor):
        answer = _upload(program, _picture())
        assert answer.status_code == 201, answer.text
        file = answer.json
        path = f"/files/{file['id']}"
        assert answer.headers["Location"] == f"/api/v1{path}"
        assert (file["width"], file["height"], file["content_type"], file["is_used"]) == (40, 30, "image/webp", False)
        assert file["markdown"] == f"![my yard]({file['url']})"
        assert visitor.get(file["url"]).status_code == visitor.get(file["thumbnail_url"]).status_code == 200
        assert program.read(path) == {**file, "markdown": f"![]({file['url']})"}
        assert program.delete(path).status_code == 204
        assert program.get(path).status_code == program.delete(path).status_code == 404
        assert visitor.get(file["url"]).status_code == 404

    def test_a_used_picture_cannot_be_deleted(self, program):
        file = _upload(program, _picture()).json
        body = f"Look at my yard: {file['markdown']}"
        assert program.post("/posts", {"board": "talk", "title": "My yard", "body": body}).status_code == 201
        path = f"/files/{file['id']}"
        assert program.read(path)["is_used"] is True
        refused = program.delete(path)
        assert (refused.status_code, refused.json["code"]) == (409, "conflict")

    def test_pictures_are_listed_only_for_their_owner(self, program, bob):
        numbers = [_upload(program, _picture(color=colour)).json["id"] for colour in (10, 20, 30)]
        assert [file["id"] for file in program.walk("/files")] == numbers[::-1]
        other = program_of(bob)
        assert other.read("/files")["items"] == []
        assert other.get(f"/files/{numbers[0]}").status_code == 404
        assert other.delete(f"/files/{numbers[0]}").status_code == 404

    def test_the_same_picture_again_is_one_file(self, program):
        first, second = (_upload(program, _picture()).json for _twice in range(2))
        assert first == second

    def test_a_repeated_idempotency_key_makes_one_file(self, program):
        def send(content: bytes):
            body = {"file": (BytesIO(content), "yard.png")}
            return program.call("POST", "/files", data=body, headers={"Idempotency-Key": "one"})

        first, second = send(_picture()), send(_picture())
        assert second.json == first.json
        assert second.headers["Idempotency-Replayed"] == "true"
        assert send(_picture(color=7)).status_code == 409

    def test_a_file_that_is_no_picture_is_refused(self, program):
        for content in (b"", b"only words", _picture()[:40]):
            refused = _upload(program, content)
            assert (refused.status_code, set(refused.json["errors"])) == (422, {"file"})
        missing = program.call("POST", "/files", data={"picture": (BytesIO(_picture()), "yard.png")})
        assert (missing.status_code, set(missing.json["errors"])) == (422, {"file", "picture"})
        plain = program.call("POST", "/files", data={"file": "words"}, content_type="multipart/form-data")
        assert (plain.status_code, set(plain.json["errors"])) == (422, {"file"})

    def test_another_content_type_is_refused(self, program):
        for answer in (
            program.post("/files", {"file": "words"}),
            program.post("/files", data=b"words"),
            program.post("/files"),
        ):
            assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")

    def test_they_are_limited_as_on_pages(self, app, program):
        app.config["UPLOAD_LIMIT"] = "1 per minute"
        assert _upload(program, _picture()).status_code == 201
        assert _upload(program, _picture()).status_code == 429
