"""The shapes of what somebody is writing: drafts, previews, pictures."""

from madang.core.rest.schemas import Schema, computed, moment, text, truth, upload, whole


class DraftWordsSchema(Schema):
    """What has been typed so far; nothing at all forgets the draft."""

    board = text("The board's word in addresses, for a new post.", "qa")
    title = text("The title.", "How do I move a")
    body = text("Markdown.", "I tried the obvious")
    tags = text("The tags as they were typed.", "yard, gard")


class DraftSchema(Schema):
    """Something that is being written."""

    place = text("`post`, `answer:12` (the question) or `edit:12:3` (the post and its version).", "post")
    board = computed(text("The board's word in addresses.", "qa"), lambda draft: draft.fields.get("board", ""))
    title = computed(text("The title.", "How do I move a"), lambda draft: draft.fields.get("title", ""))
    body = computed(text("Markdown.", "I tried the obvious"), lambda draft: draft.fields.get("body", ""))
    tags = computed(text("The tags as typed.", "yard, gard"), lambda draft: draft.fields.get("tags", ""))
    updated_at = moment("When it was last kept.")


class WordsSchema(Schema):
    """Words that are looked at before they are posted."""

    body = text("Markdown.", "I tried the **obvious** things.", required=True)


class PreviewSchema(Schema):
    """What words will look like."""

    body_html = text("HTML that is safe to show.", "<p>I tried the <strong>obvious</strong> things.</p>")


class NewFileSchema(Schema):
    """A picture to send."""

    file = upload("JPEG, PNG, WebP, GIF or AVIF, up to 10 MB.", required=True)


class FileSchema(Schema):
    """A picture that somebody sent, as it is kept."""

    id = whole("Its number.", 5)
    url = text("Its address.", "/files/5f0c1d2e3b4a59687766554433221100.webp")
    thumbnail_url = text("A smaller one's address.", "/files/5f0c1d2e3b4a59687766554433221100-small.webp")
    width = whole("In pixels.", 1280)
    height = whole("In pixels.", 720)
    content_type = text("What it is sent as.", "image/webp")
    byte_count = whole("How large its file is.", 48211)
    is_used = truth("Whether it stands in a text. What is in none for two days goes.", False)
    markdown = text("Put this into a text to show it.", "![yard](/files/5f0c1d2e3b4a59687766554433221100.webp)")
