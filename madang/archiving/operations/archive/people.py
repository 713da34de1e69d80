"""The profiles of people, in folders of a thousand ids, and the list of all people."""

from collections.abc import Sequence

from sqlalchemy import Row

from madang.accounts.models import User

from ...queries.pages import largest_id, people_between, people_ranked, posts_by
from .feeds import FEED_SIZE, write_feed
from .lists import PER_PAGE, file_of, page_count, page_of
from .paths import PER_FOLDER, person_path, root_from
from .session import ArchiveSession

PEOPLE_AT_ONCE = 100
PEOPLE_PER_PAGE = 200


def units() -> list[str]:
    """The names of the folders of profiles."""
    return [str(number) for number in range(largest_id(User) // PER_FOLDER + 1)]


def write_folder(session: ArchiveSession, unit: str) -> None:
    """Write the profiles of the accounts with a thousand ids, and remove those of accounts that are gone."""
    first = int(unit) * PER_FOLDER
    names: list[str] = []
    for start in range(first, first + PER_FOLDER, PEOPLE_AT_ONCE):
        people = people_between(start, start + PEOPLE_AT_ONCE - 1)
        if people:
            names += write_profiles(session, people)
    session.folder.keep_only(f"u/{unit}", names)


def write_profiles(session: ArchiveSession, people: Sequence[Row]) -> list[str]:
    posts: dict[int, list[Row]] = {person.id: [] for person in people}
    for row in posts_by(list(posts)):
        posts[row.author_id].append(row)
    session.know_posts([person.bio_html for person in people])
    return [name for person in people for name in write_profile(session, person, posts[person.id])]


def write_profile(session: ArchiveSession, person: Row, posts: list[Row]) -> list[str]:
    """Write the pages of a profile, with all posts and answers; returns the names of its files."""
    name = person.display_name or person.username
    feed = f"u/{person.id // PER_FOLDER}/{person.id}.atom" if posts else ""
    names = [file_of(feed)] if feed else []
    for number in range(1, page_count(len(posts), PER_PAGE) + 1):
        path = person_path(person.id, number)
        page = page_of(number, PER_PAGE, len(posts), lambda other: person_path(person.id, other))
        bio = session.text(person.bio_html, root_from(path))
        rows = posts[(number - 1) * PER_PAGE : number * PER_PAGE]
        picture = session.picture(person.avatar_file)
        session.write_page(
            path, "profile.html", profile=person, name=name, bio=bio, rows=rows, page=page, picture=picture, feed=feed
        )
        names.append(file_of(path))
    if feed:
        write_feed(session, feed, name, posts[:FEED_SIZE], person_path(person.id))
    return names


def write_people_list(session: ArchiveSession, _unit: str) -> None:
    """Write the pages of all accounts, by reputation."""
    people = people_ranked()
    names = []
    for number in range(1, page_count(len(people), PEOPLE_PER_PAGE) + 1):
        rows = people[(number - 1) * PEOPLE_PER_PAGE : number * PEOPLE_PER_PAGE]
        page = page_of(number, PEOPLE_PER_PAGE, len(people), "people/{}.html".format)
        session.write_page(f"people/{number}.html", "people.html", people=rows, page=page)
        names.append(f"{number}.html")
    session.folder.keep_only("people", names)
