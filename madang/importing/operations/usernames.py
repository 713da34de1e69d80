"""Valid, unique usernames for imported users."""

from collections.abc import Collection, Iterator
from itertools import chain, count

from madang.accounts.operations.checks import site_name_keys
from madang.accounts.policies.look_alikes import skeleton
from madang.accounts.policies.name_endings import bases_of
from madang.accounts.policies.usernames import MAX_USERNAME, is_mark, username_problem
from madang.accounts.queries.taken_names import taken_keys
from madang.accounts.queries.users import keys_beside
from madang.core.names import is_name_character
from madang.core.text import clean_line


def choose_usernames(people: list[tuple[str, str]]) -> list[str]:
    """Choose an unused username for each (display name, external id), in their order.

    The first John becomes `John`, the next `John-4711` by his id. Spaces are removed, as in the mentions of such sites
    (@JohnDoe), so that old mentions still name an account.
    """
    kept = site_name_keys()
    pending = {index: _candidates(name, number, kept) for index, (name, number) in enumerate(people)}
    chosen: dict[int, str] = {}
    used: set[str] = set()
    while pending:
        candidates = {index: next(names) for index, names in pending.items()}
        keys = {index: _keys(name) for index, name in candidates.items()}
        taken = taken_keys(set(chain(*keys.values()))) | used
        for index, name in candidates.items():
            if taken.isdisjoint(keys[index]):
                key = skeleton(name)
                taken.add(key)
                used.add(key)
                chosen[index] = name
                del pending[index]
    return [chosen[index] for index in range(len(people))]


def _keys(name: str) -> list[str]:
    """The keys of a name and of those that it would read as with an ending: none may be another's."""
    return [key for each in (name, *bases_of(name)) for key in keys_beside(each)]


def _candidates(display_name: str, number: str, kept: Collection[str] = ()) -> Iterator[str]:
    """Endless valid usernames for a person, in the order in which they are tried."""
    base = _base(display_name)
    endings = (f"-{number.lstrip('-')}{suffix}" for suffix in chain([""], (f"-{again}" for again in count(2))))
    for ending in chain([""], endings):
        for stem in dict.fromkeys((base, base.replace(".", "-"), "user")):
            name = _trimmed(stem[: MAX_USERNAME - len(ending)]) + ending
            if username_problem(name, kept) is None:
                yield name


def _base(display_name: str) -> str:
    return _trimmed("".join(character for character in clean_line(display_name) if is_name_character(character)))


def _trimmed(name: str) -> str:
    """The name without punctuation at its ends and without repeated punctuation."""
    characters: list[str] = []
    for character in name:
        if is_mark(character) and (not characters or is_mark(characters[-1])):
            continue
        characters.append(character)
    return "".join(characters).rstrip("_.-")
