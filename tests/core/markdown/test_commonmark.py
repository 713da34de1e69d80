"""CommonMark's own examples, before the sanitizer, compared as trees.

Headings are compared as written, since the page moves them down, and soft line breaks as CommonMark has them.
"""

import json
import os
from pathlib import Path

import html5lib
import pytest

from madang.core.markdown.limits import new_env
from madang.core.markdown.renderer import body_parser
from madang.core.markdown.sanitizer import TRUSTED_PREFIX

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("MADANG_SHARED") or REPOSITORY.parent / "shared")
EXAMPLES = SHARED / "data" / "markdown" / "commonmark-spec.json"


def tree(html: str) -> str:
    fragment = html5lib.parseFragment(html.replace(TRUSTED_PREFIX, ""), namespaceHTMLElements=False)
    for element in fragment.iter():
        if element.tag == "span" and str(element.get("class", "")).startswith("hl-"):
            element.tag = "highlighted"
    walker = html5lib.serialize(fragment, alphabetical_attributes=True, quote_attr_values="always", sanitize=False)
    return without_highlighting(walker)


def without_highlighting(html: str) -> str:
    return html.replace("</coloured>", "").replace("<blockquote>\n</blockquote>", "<blockquote></blockquote>")


@pytest.fixture(scope="module")
def examples():
    if EXAMPLES.exists():
        return json.loads(EXAMPLES.read_text(encoding="utf-8"))
    message = f"CommonMark's examples are not at {EXAMPLES}; set MADANG_SHARED to the folder that has data/markdown."
    if os.environ.get("MADANG_REQUIRE_ALL") == "1":
        pytest.fail(message)
    return pytest.skip(message)


def test_640_of_the_655_examples_give_the_same_tree(examples):
    parser = body_parser.__wrapped__().disable(["headings"])
    parser.options["breaks"] = False
    same = [
        example for example in examples if tree(parser.render(example["markdown"], new_env())) == tree(example["html"])
    ]
    assert len(examples) == 655
    assert len(same) >= 640
