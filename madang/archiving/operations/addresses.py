"""Addresses in the sanitised HTML of texts: attributes of its tags, not what the text shows."""

import re
from collections.abc import Callable, Iterator
from re import Match, Pattern

TAG = re.compile(r'<[a-z](?:[^>"]|"[^"]*")*>')  # a `<` of the text is escaped


def find_addresses(html: str, address: Pattern[str]) -> Iterator[Match[str]]:
    """The attributes within tags that `address` describes."""
    if address.search(html):
        for tag in TAG.finditer(html):
            yield from address.finditer(tag[0])


def replace_addresses(html: str, address: Pattern[str], replace: Callable[[Match[str]], str]) -> str:
    """HTML with these attributes replaced."""
    return TAG.sub(lambda tag: address.sub(replace, tag[0]), html) if address.search(html) else html
