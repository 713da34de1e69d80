"""Describe entries of the staff log in words: the action, its subject, its details."""

from typing import Any

from sqlalchemy import Row

from madang.core.i18n import _, ngettext

VERBS = (
    *("add_account", "edit_account", "suspend_account", "lift_suspension", "delete_account", "merge_accounts"),
    *("make_password_link", "close_post", "reopen_post", "lock_post", "unlock_post", "pin_post", "unpin_post"),
    *("move_post", "edit_post", "delete_post", "restore_post", "edit_comment", "delete_comment", "restore_comment"),
    *("edit_poll", "end_poll", "delete_poll"),
    *("uphold_flags", "decline_flags"),
    *("create_board", "edit_board", "change_board_kind", "clear_board", "delete_board"),
    *("create_tag", "rename_tag", "merge_tags", "add_synonym", "remove_synonym", "describe_tag", "delete_tag"),
)


def verb_words(verb: str) -> str:
    """The description of a verb; an unknown verb is returned unchanged."""
    return (_account_verbs() | _post_verbs() | _board_verbs() | _tag_verbs()).get(verb, verb)


def _account_verbs() -> dict[str, str]:
    return {
        "add_account": _("Account added"),
        "edit_account": _("Account changed"),
        "suspend_account": _("Account suspended"),
        "lift_suspension": _("Suspension lifted"),
        "delete_account": _("Account deleted"),
        "merge_accounts": _("Accounts merged"),
        "make_password_link": _("Password link made"),
    }


def _post_verbs() -> dict[str, str]:
    return {
        "close_post": _("Question closed"),
        "reopen_post": _("Question reopened"),
        "lock_post": _("Post locked"),
        "unlock_post": _("Post unlocked"),
        "pin_post": _("Post pinned"),
        "unpin_post": _("Post unpinned"),
        "move_post": _("Post moved"),
        "edit_post": _("Post edited"),
        "delete_post": _("Post deleted"),
        "restore_post": _("Post restored"),
        "edit_comment": _("Comment edited"),
        "delete_comment": _("Comment deleted"),
        "restore_comment": _("Comment restored"),
        "edit_poll": _("Poll changed"),
        "end_poll": _("Poll ended"),
        "delete_poll": _("Poll deleted"),
        "uphold_flags": _("Flags upheld"),
        "decline_flags": _("Flags declined"),
    }


def _board_verbs() -> dict[str, str]:
    return {
        "create_board": _("Board added"),
        "edit_board": _("Board changed"),
        "change_board_kind": _("Board's kind changed"),
        "clear_board": _("Board's posts moved away"),
        "delete_board": _("Board deleted"),
    }


def _tag_verbs() -> dict[str, str]:
    return {
        "create_tag": _("Tag added"),
        "rename_tag": _("Tag renamed"),
        "merge_tags": _("Tags merged"),
        "add_synonym": _("Synonym added"),
        "remove_synonym": _("Synonym removed"),
        "describe_tag": _("Tag described"),
        "delete_tag": _("Tag deleted"),
    }


def kind_words(kind: str) -> str:
    """The plural name of a kind of subject; an unknown kind is returned unchanged."""
    labels = {
        "user": _("People"),
        "post": _("Posts"),
        "comment": _("Comments"),
        "board": _("Boards"),
        "tag": _("Tags"),
    }
    return labels.get(kind, kind)


def numbered_label(kind: str, number: int | None) -> str:
    """A subject by its id, where its name is unknown or may not be shown."""
    labels = {
        "user": _("Account no. %(number)s", number=number),
        "post": _("Post no. %(number)s", number=number),
        "comment": _("Comment no. %(number)s", number=number),
        "board": _("Board no. %(number)s", number=number),
        "tag": _("Tag no. %(number)s", number=number),
    }
    return labels.get(kind, str(number))


def subject_words(row: Row) -> str:
    """The subject of a log entry: by its name, if it still has one that may be shown, else by its id."""
    if row.kind == "user" and row.subject_username and row.subject_deleted_at is None:
        return row.subject_display_name or row.subject_username
    if row.kind in ("board", "tag") and row.payload.get("name"):
        return row.payload["name"]
    return numbered_label(row.kind, row.subject_id)


def staff_action_details(verb: str, payload: dict[str, Any]) -> str:
    """The details of a staff action: names of tags, ids of accounts, counts, changed fields."""
    if verb in ("rename_tag", "merge_tags"):
        return f"{payload['former']} → {payload['name']}"
    if verb in ("add_synonym", "remove_synonym"):
        return f"{payload['synonym']} → {payload['name']}"
    if verb == "merge_accounts":
        return _("with account no. %(number)s", number=payload["gone_id"])
    if verb == "delete_account":
        return _("what it wrote is kept") if payload["is_content_kept"] else _("what it wrote is deleted")
    if verb in ("uphold_flags", "decline_flags"):
        return ngettext("%(num)s flag", "%(num)s flags", payload["flag_count"])
    if verb == "make_password_link":
        return _("sent by mail") if payload["is_mailed"] else _("shown")
    return ", ".join(_field_label(field) for field in payload.get("changed", ()))


def _field_label(field: str) -> str:
    labels = {
        "username": _("Username"),
        "display_name": _("Display name"),
        "email": _("E-mail address"),
        "role": _("Role"),
        "name": _("Name"),
        "slug": _("Address"),
        "description": _("Description"),
        "position": _("Place in the list"),
        "is_archived": _("Archive"),
    }
    return labels.get(field, field)
