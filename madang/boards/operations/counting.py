"""Create boards without a check of permission, and adjust their counters."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from madang.core.db import add_to, after_commit, db, increase
from madang.core.errors import raise_if_invalid
from madang.core.i18n import LOCALES, _, use_locale
from madang.core.site import site_locale, texts_by_language
from madang.core.text import clean_line, slugify

from ..models import BOARD_KINDS, DESCRIPTION_MAX, NAME_MAX, SLUG_MAX, Board, BoardPeriod
from ..queries import clear_board_caches

Texts = str | Mapping[str, str]  # by language; a plain text is in the site's default language


class BoardTexts(NamedTuple):
    """The address, names and descriptions of a board, as `check_board` returns them."""

    slug: str
    names: dict[str, str]
    descriptions: dict[str, str]


def insert_board(
    *, slug: str, kind: str, name: Texts, description: Texts = "", position: int | None = None, now: datetime
) -> Board:
    """Create a board, without `position` after the others. Raises as `check_board` does."""
    texts = check_board(slug=slug, kind=kind, name=name, description=description)
    if position is None:
        position = (db.session.scalar(select(func.max(Board.position))) or 0) + 1
    board = Board(kind=kind, position=position, created_at=now, **texts._asdict())
    db.session.add(board)
    db.session.flush()
    after_commit(clear_board_caches)
    return board


def check_board(
    *, slug: str, kind: str, name: Texts, description: Texts, exclude_id: int | None = None, **other_errors: str | None
) -> BoardTexts:
    """Clean and check the address, names and descriptions of a board, and return them.

    `exclude_id` is the board that may have the address already. Raises `InvalidInput` with an error for every wrong
    field, including `other_errors` (field name -> error message or None); those of texts by language are
    `name_<language>` and `description_<language>`. At least one language must have a name.
    """
    slug, names, descriptions = slugify(slug)[:SLUG_MAX], _clean_texts(name), _clean_texts(description)
    owner_id = db.session.scalar(select(Board.id).where(Board.slug == slug))
    is_free = slug and owner_id in (None, exclude_id)
    raise_if_invalid(
        slug=None if is_free else _("Please choose another address: this one is empty or in use."),
        kind=None if kind in BOARD_KINDS else _("Please choose one of the four kinds of board."),
        **_text_errors("name", name, names, NAME_MAX, _("Names have 1 to %(count)s characters.", count=NAME_MAX)),
        **_text_errors(
            "description",
            description,
            descriptions,
            DESCRIPTION_MAX,
            _("Descriptions have at most %(count)s characters.", count=DESCRIPTION_MAX),
        ),
        **other_errors,
    )
    return BoardTexts(slug, names, descriptions)


def _clean_texts(texts: Texts) -> dict[str, str]:
    cleaned = {locale: clean_line(text) for locale, text in texts_by_language(texts).items()}
    return texts_by_language(cleaned)


def _text_errors(field: str, given: Texts, cleaned: dict[str, str], most: int, message: str) -> dict[str, str]:
    wrong = [locale for locale, text in cleaned.items() if len(text) > most]
    if field == "name" and not cleaned:
        wrong.append(site_locale())
    return {field if isinstance(given, str) else f"{field}_{locale}": message for locale in wrong}


def insert_first_boards(now: datetime) -> list[Board]:
    """Create the three boards of a new site, named in every language."""
    texts: dict[str, dict[str, tuple[str, str]]] = {}
    for locale in LOCALES:
        with use_locale(locale):
            for slug, named in _first_boards().items():
                texts.setdefault(slug, {})[locale] = named
    return [
        insert_board(
            slug=slug,
            kind=slug,
            name={locale: name for locale, (name, _description) in named.items()},
            description={locale: description for locale, (_name, description) in named.items()},
            position=position,
            now=now,
        )
        for position, (slug, named) in enumerate(texts.items())
    ]


def _first_boards() -> dict[str, tuple[str, str]]:
    """The boards of a new site by kind, which is their address too: name and description in the current language."""
    return {
        "notice": (_("Notices"), _("What everyone should know.")),
        "qa": (_("Questions and answers"), _("Say exactly where you are stuck. Someone has been there before.")),
        "talk": (_("Talk"), _("About everything else.")),
    }


def count_post(board_id: int, created_at: datetime, by: int) -> None:
    """Add `by` to the numbers of posts of a board and of the month and day of `created_at`."""
    add_to(Board, board_id, post_count=by)
    moment = created_at.astimezone(UTC)
    month = moment.year * 100 + moment.month
    for period in (month, month * 100 + moment.day):
        increase(BoardPeriod, {"board_id": board_id, "period": period}, "post_count", by)
    after_commit(clear_board_caches)


def count_unanswered(board_id: int, by: int) -> None:
    """Add `by` to the number of unanswered questions of a board."""
    add_to(Board, board_id, unanswered_count=by)
    after_commit(clear_board_caches)
