"""Administration of groups: create, edit, delete."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from madang.accounts.operations.checks import title_error
from madang.accounts.operations.staff_actions import record_staff_action
from madang.accounts.policies.accounts import require_administrator
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.email_addresses import DOMAIN_MAX, ascii_domain
from madang.core.errors import Conflict, NotFound, raise_if_invalid
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.site import site_locale, texts_by_language
from madang.core.text import clean_line, slugify

from ..events import GroupDeleted
from ..models import (
    COLORS,
    DESCRIPTION_MAX,
    GRAY,
    INVITATION,
    JOINING,
    MAX_DOMAINS,
    MAX_GROUPS,
    NAME_MAX,
    RESERVED_SLUGS,
    SLUG_MAX,
    Group,
)
from ..sentences import logged_names
from .people import SEPARATORS
from .rows import lock_group

DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class GroupInput:
    """A group as it was filled in: texts by language, and its e-mail domains in one text or as a list."""

    slug: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    color: str = GRAY
    joining: str = INVITATION
    shows_badge: bool = False
    shows_members: bool = False
    email_domains: str | list[str] = ""


def managed_groups(actor: Actor) -> list[Group]:
    """All groups, by name. Raises `Forbidden`."""
    require_administrator(actor)
    return sorted(db.session.scalars(select(Group)), key=lambda group: (group.name.casefold(), group.id))


def get_managed_group(group_id: int, actor: Actor) -> Group:
    """A group by id, for an administrator. Raises `Forbidden` and `NotFound`."""
    require_administrator(actor)
    group = db.session.get(Group, group_id)
    if group is None:
        raise NotFound
    return group


def get_managed_group_by_slug(slug: str, actor: Actor) -> Group:
    """A group by its address, for an administrator. Raises `Forbidden` and `NotFound`."""
    require_administrator(actor)
    group = db.session.scalar(select(Group).where(Group.slug == slug)) if slug == slugify(slug) else None
    if group is None:
        raise NotFound
    return group


def create_group(given: GroupInput, *, actor: Actor, now: datetime) -> Group:
    """Create a group without members.

    Raises `Forbidden`, `Conflict` above the greatest number of groups, and `InvalidInput` for every wrong field.
    """
    require_administrator(actor)
    values = _checked(given, exclude_id=None)
    if (db.session.scalar(select(func.count()).select_from(Group)) or 0) >= MAX_GROUPS:
        raise Conflict(_("A site can have %(count)s groups. Delete one that is not needed any more.", count=MAX_GROUPS))
    group = Group(created_at=now, **values)
    db.session.add(group)
    db.session.flush()
    record_staff_action("create_group", "group", group.id, actor=actor, **logged_names(group))
    return group


def edit_group(group: Group, given: GroupInput, *, actor: Actor) -> list[str]:
    """Change a group. Returns the names of the changed columns; the caller applies changed `email_domains` by a job.

    Raises `Forbidden`, `NotFound`, and `InvalidInput` with an error for every wrong field.
    """
    lock_group(group)
    require_administrator(actor)
    values = _checked(given, exclude_id=group.id)
    changed = [name for name, value in values.items() if getattr(group, name) != value]
    for name in changed:
        setattr(group, name, values[name])
    db.session.flush()
    if changed:
        record_staff_action("edit_group", "group", group.id, actor=actor, **logged_names(group), changed=changed)
    return changed


def delete_group(group: Group, *, actor: Actor) -> None:
    """Delete a group; its memberships, requests and invitations end.

    Raises `Forbidden`, `NotFound`, and `Conflict` for a group that alone may see a board.
    """
    lock_group(group)
    require_administrator(actor)
    emit(GroupDeleted(group.id))
    record_staff_action("delete_group", "group", group.id, actor=actor, **logged_names(group))
    db.session.delete(group)
    db.session.flush()


def _checked(given: GroupInput, *, exclude_id: int | None) -> dict[str, object]:
    """The columns of a group. Raises `InvalidInput`; the errors of texts are those of `name_<language>`."""
    slug = slugify(given.slug)[:SLUG_MAX]
    names, descriptions = _clean_texts(given.names), _clean_texts(given.descriptions)
    domains = read_domains(given.email_domains)
    raise_if_invalid(
        slug=_slug_error(slug, exclude_id),
        color=None if given.color in COLORS else _("Please choose one of the colors."),
        joining=None if given.joining in JOINING else _("Please choose how people join."),
        email_domains=_domains_error(domains),
        **(_badge_errors(names) if given.shows_badge else {}),
        **_text_errors("name", names, NAME_MAX, _("Names have 1 to %(count)s characters.", count=NAME_MAX)),
        **_text_errors(
            "description",
            descriptions,
            DESCRIPTION_MAX,
            _("Descriptions have at most %(count)s characters.", count=DESCRIPTION_MAX),
        ),
    )
    return {
        "slug": slug,
        "names": names,
        "descriptions": descriptions,
        "color": given.color,
        "joining": given.joining,
        "shows_badge": given.shows_badge,
        "shows_members": given.shows_members,
        "email_domains": domains,
    }


def _slug_error(slug: str, exclude_id: int | None) -> str | None:
    if slug in RESERVED_SLUGS:
        return _("This address is kept for the site. Please choose another one.")
    owner_id = db.session.scalar(select(Group.id).where(Group.slug == slug))
    is_free = slug and owner_id in (None, exclude_id)
    return None if is_free else _("Please choose another address: this one is empty or in use.")


def _clean_texts(texts: Mapping[str, str]) -> dict[str, str]:
    return texts_by_language({locale: clean_line(text) for locale, text in texts_by_language(texts).items()})


def _badge_errors(names: dict[str, str]) -> dict[str, str]:
    """The errors of names that claim to be staff or the site: a badge would say so of members."""
    message = _("As a badge this name would make members look like staff. Choose another name, or show no badge.")
    return {f"name_{locale}": message for locale, name in names.items() if _claims_role(name)}


def _claims_role(name: str) -> bool:
    return len(name) <= NAME_MAX and title_error(name, role="member") is not None


def _text_errors(name: str, texts: dict[str, str], most: int, message: str) -> dict[str, str]:
    wrong = [locale for locale, text in texts.items() if len(text) > most]
    if name == "name" and not texts:
        wrong.append(site_locale())
    return {f"{name}_{locale}": message for locale in wrong}


def read_domains(given: str | list[str]) -> list[str]:
    """The domains of addresses in ASCII, sorted and without repetition; what is none is left for the error."""
    words = given if isinstance(given, list) else SEPARATORS.split(given)
    return sorted({ascii_domain(word.strip().removeprefix("@")) for word in words} - {""})


def _domains_error(domains: list[str]) -> str | None:
    if len(domains) > MAX_DOMAINS:
        return _("A group can have at most %(count)s e-mail domains.", count=MAX_DOMAINS)
    wrong = next((each for each in domains if len(each) > DOMAIN_MAX or not DOMAIN.fullmatch(each)), None)
    if wrong is None:
        return None
    return _("“%(domain)s” is not the domain of an e-mail address. Write it like example.org.", domain=wrong[:60])
