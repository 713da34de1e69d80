"""What Stack Exchange shows as links to its own tags and questions: `[tag:hops]`, and bare addresses of questions."""

import re
from collections.abc import Callable
from urllib.parse import quote

from madang.core.markdown.addresses import address_rest
from madang.core.markdown.limits import MAX_BODY

from .conversion import tag_name
from .escaping import Style, escape_text

CODE = (
    r"(?m:^ {0,3}(?P<fence>`{3,}|~{3,})[\s\S]*?(?:^ {0,3}(?P=fence)|\Z))|(?m:^(?: {4}|\t).*$)"
    r"|(?<!`)(?P<ticks>`+)(?!`)[\s\S]*?(?<!`)(?P=ticks)(?!`)"
)
TAG = re.compile(rf"{CODE}|(?<!\\)\[(?:meta-)?tag:(?P<tag>[^\s\[\]]{{1,60}})\](?![(\[])")
TAG_ANCHOR = re.compile(r'<a\s[^>]*?\bclass="[^"]*\bpost-tag\b[^>]*>([^<]{1,60})</a>')
DATE_OF_DUMP = re.compile(r"[-_ ]\d{4}(?:[-_.]?\d{2}){0,2}$")
# Not an address in the brackets, the definition or the text of a link, nor in a tag.
NOT_IN_LINK = r"""(?<!\]\()(?<!\]: )(?<![\w"'=/\[<>])"""
NOTHING = "(?!)"  # matches nowhere
IN_LINK = Style(in_link=True)
Titles = Callable[[set[str]], dict[str, tuple[int, str]]]  # the local id and title of each question by its id there


def link_tags(source: str) -> str:
    """Markdown with each `[tag:x]` outside of code as a link to the tag."""
    return TAG.sub(_tag_link, source) if "tag:" in source and len(source) <= MAX_BODY else source


def link_tags_in_html(html: str) -> str:
    """HTML in which links to the tags of the other site lead to the tags here."""
    return TAG_ANCHOR.sub(_tag_anchor, html) if "post-tag" in html else html


def _tag_link(found: re.Match[str]) -> str:
    name = found["tag"] and tag_name(found["tag"])
    return f"[{escape_text(found['tag'], IN_LINK)}](/tags/{quote(name)})" if name else found[0]


def _tag_anchor(found: re.Match[str]) -> str:
    name = tag_name(found[1])
    return f'<a href="/tags/{quote(name)}">{found[1]}</a>' if name else found[1]


def site_hosts(folder: str) -> list[str]:
    """The hosts that a site may have whose dump is in a folder of this name, such as `beer.meta.stackexchange.com`."""
    name = DATE_OF_DUMP.sub("", folder.lower())
    names = [name, f"{name}.stackexchange.com"]
    parts = name.removesuffix(".stackexchange.com").split(".")
    if "meta" in parts and len(parts) == 2:  # both orders were in use
        names.append(".".join([*reversed(parts), "stackexchange.com"]))
    return [host for host in names if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", host)]


class QuestionLinks:
    """Replaces bare addresses of a site's questions by links with their titles."""

    def __init__(self, hosts: list[str]) -> None:
        one_of = "|".join(map(re.escape, hosts)) or NOTHING
        question = rf"(?P<rest>(?:www\.)?(?:{one_of})/(?:questions|q)/(?P<id>\d{{1,15}}))(?![\w-])"
        self.bare = re.compile(rf"{CODE}|{NOT_IN_LINK}(?P<open><?)https?://{question}", re.IGNORECASE)
        self.in_row = re.compile(rf"(?:{one_of})/(?:questions|q)/\d".encode(), re.IGNORECASE)

    def link(self, source: str, titles: Titles) -> str:
        """Markdown with the titles of the questions that `titles` knows."""
        found = [each for each in self.bare.finditer(source) if each["id"]] if len(source) <= MAX_BODY else []
        targets = titles({each["id"] for each in found}) if found else {}
        pieces, done = [], 0
        for each in found:
            end = address_end(source, each)
            if each["id"] in targets and end:
                question_id, title = targets[each["id"]]
                pieces += [source[done : each.start()], f"[{escape_text(title, IN_LINK)}](/posts/{question_id})"]
                done = end
        return "".join([*pieces, source[done:]])


def address_end(source: str, found: re.Match[str]) -> int:
    """Where an address ends, after its closing bracket if it has brackets; 0 if it does not."""
    start = found.start("rest")
    end = start + len(address_rest(source, start, len(source)))
    if not found["open"]:
        return end if end >= found.end("rest") else 0
    return end + 1 if source[end : end + 1] == ">" else 0
