"""API schemas of drafts, previews and pictures."""

from madang.core.rest.schemas import Schema, computed, moment, text, truth, upload, whole


class DraftWordsSchema(Schema):
    """The fields of a draft; if all are empty, the draft is deleted."""

    board = text("The board's word in addresses, for a new post.", "qa")
    title = text("The title.", "How do I move a")
    body = text("Markdown.", "I tried the obvious")
    tags = text("The tags as they were typed.", "yard, gard")


class DraftSchema(Schema):
    """A draft."""

    place = text("`post`, `answer:12` (the question) or `edit:12:3` (the post and its version).", "post")
    board = computed(text("The board's word in addresses.", "qa"), lambda draft: draft.fields.get("board", ""))
    title = computed(text("The title.", "How do I move a"), lambda draft: draft.fields.get("title", ""))
    body = computed(text("Markdown.", "I tried the obvious"), lambda draft: draft.fields.get("body", ""))
    tags = computed(text("The tags as typed.", "yard, gard"), lambda draft: draft.fields.get("tags", ""))
    updated_at = moment("When it was last stored.")


class WordsSchema(Schema):
    """Markdown to preview."""

    body = text("Markdown.", "I tried the **obvious** things.", required=True)


class PreviewSchema(Schema):
    """Rendered Markdown."""

    body_html = text("Sanitised HTML.", "<p>I tried the <strong>obvious</strong> things.</p>")


class NewFileSchema(Schema):
    """A picture to upload."""

    file = upload("JPEG, PNG, WebP, GIF or AVIF, up to 10 MB.", required=True)


class FileSchema(Schema):
    """An uploaded picture as it is stored."""

    id = whole("Its number.", 5)
    url = text("Its address.", "/files/5f0c1d2e3b4a59687766554433221100.webp")
    thumbnail_url = text("The address of its thumbnail.", "/files/5f0c1d2e3b4a59687766554433221100-small.webp")
    width = whole("Width in pixels.", 1280)
    height = whole("Height in pixels.", 720)
    content_type = text("Its media type.", "image/webp")
    byte_count = whole("Size of the file in bytes.", 48211)
    is_used = truth("Whether a text uses it. Pictures that no text uses for two days are deleted.", False)
    markdown = text("Markdown that shows it in a text.", "![yard](/files/5f0c1d2e3b4a59687766554433221100.webp)")
