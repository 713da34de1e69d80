"""API schemas of drafts, previews and pictures."""

from madang.core.rest.schemas import (
    Schema,
    boolean_field,
    computed_field,
    integer_field,
    moment_field,
    text_field,
    text_map_field,
    upload_field,
)

from ..operations.drafting import DRAFT_NAMES

PLACE = (
    "`post:` and 8 to 32 letters and digits of your choice for each new post, `answer:12` (the question) or "
    "`edit:12:3` (the post and its version). `post` alone is one new post too."
)
PARTS = "Fields that other features add to the form of a post, by name."
PARTS_EXAMPLE = {"poll_question": "Where shall we meet?", "poll_choices": "The yard\nThe garden"}


class DraftWordsSchema(Schema):
    """The fields of a draft; if all are empty, the draft is deleted."""

    board = text_field("The board's word in addresses, for a new post.", "qa")
    title = text_field("The title.", "How do I move a")
    body = text_field("Markdown.", "I tried the obvious")
    tags = text_field("The tags as they were typed.", "yard, gard")
    parts = text_map_field(PARTS, PARTS_EXAMPLE)


class DraftSchema(Schema):
    """A draft."""

    place = text_field(PLACE, "post:5f0c1d2e3b4a5968")
    board = computed_field(
        text_field("The board's word in addresses.", "qa"), lambda draft: draft.fields.get("board", "")
    )
    title = computed_field(text_field("The title.", "How do I move a"), lambda draft: draft.fields.get("title", ""))
    body = computed_field(text_field("Markdown.", "I tried the obvious"), lambda draft: draft.fields.get("body", ""))
    tags = computed_field(text_field("The tags as typed.", "yard, gard"), lambda draft: draft.fields.get("tags", ""))
    parts = computed_field(
        text_map_field(PARTS, PARTS_EXAMPLE),
        lambda draft: {name: text for name, text in draft.fields.items() if name not in DRAFT_NAMES},
    )
    updated_at = moment_field("When it was last stored.")


class WordsSchema(Schema):
    """Markdown to preview."""

    body = text_field("Markdown.", "I tried the **obvious** things.", required=True)
    board = text_field("The board that it is for: some show formulas.", "qa", load_default="")


class PreviewSchema(Schema):
    """Rendered Markdown."""

    body_html = text_field("Sanitised HTML.", "<p>I tried the <strong>obvious</strong> things.</p>")


class NewFileSchema(Schema):
    """A picture to upload."""

    file = upload_field("JPEG, PNG, WebP, GIF, AVIF or HEIC, up to 10 MB.", required=True)


class FileSchema(Schema):
    """An uploaded picture as it is stored."""

    id = integer_field("Its number.", 5)
    url = text_field("Its address.", "/files/5f0c1d2e3b4a59687766554433221100.webp")
    thumbnail_url = text_field("The address of its thumbnail.", "/files/5f0c1d2e3b4a59687766554433221100-small.webp")
    width = integer_field("Width in pixels.", 1280)
    height = integer_field("Height in pixels.", 720)
    content_type = text_field("Its media type.", "image/webp")
    byte_count = integer_field("Size of the file in bytes.", 48211)
    is_used = boolean_field("Whether a text uses it. Pictures that no text uses for two days are deleted.", False)
    markdown = text_field("Markdown that shows it in a text.", "![yard](/files/5f0c1d2e3b4a59687766554433221100.webp)")
